"""The mail to somebody whose invitation was withdrawn."""

from __future__ import annotations

import pytest

from project.accounts.services import people
from registrations.enums import Status
from tests.factories import NOW
from tests.registrations.support.mails import make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_it_says_who_withdrew_it_and_asks_for_nothing(post):
    claim = make_claim(Status.CANCELLED)
    tell(claim, "invitation-withdrawn", inviter="Ann Example")

    [mail] = post()

    title = claim.session.title
    assert mail["Subject"] == f"Ann Example has withdrawn the invitation: {title}, 12 March"
    assert "You do not have to cancel anything: nothing was in your calendar." in text_of(mail)
    assert "delete your address" not in text_of(mail)
    assert "http://testserver/offer/" not in text_of(mail)


def test_a_stranger_reads_that_we_delete_the_address(post):
    stranger = people.admit(address="newcomer@example.org", language="en", now=NOW)
    tell(make_claim(Status.CANCELLED, attendee=stranger), "invitation-withdrawn", inviter="Ann Example")

    [mail] = post()

    assert "If you do nothing, we delete your address." in text_of(mail)
