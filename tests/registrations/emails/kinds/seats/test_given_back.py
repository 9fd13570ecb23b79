"""The mail about a seat that its owner gave back."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from tests.registrations.support.mails import calendar_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_it_leads_to_the_other_dates(post):
    claim = make_claim(Status.CANCELLED)
    tell(claim, "registration-cancelled")

    [mail] = post()

    assert mail["Subject"] == f"Seat given back: {claim.session.title}, 12 March"
    assert f"See other dates: http://testserver/events/{claim.session.event.slug}/" in text_of(mail)
    assert "out of your calendar" not in text_of(mail)
    assert calendar_of(mail) is None
