"""The mail about a seat that came free."""

from __future__ import annotations

import pytest

from registrations.enums import Source, Status
from registrations.services.calendar import invites
from tests.factories import NOW
from tests.registrations.support.mails import calendar_of, links_in, make_claim, text_of

pytestmark = pytest.mark.django_db


def make_seat(kind, **overrides):
    """With its invitation, and the mail that tells of it."""
    seat = make_claim(Status.CONFIRMED, **overrides)
    invites.issue([seat], kind=kind, now=NOW)
    return seat


def test_a_promotion_shows_the_easy_way_back(post):
    make_seat("registration-promoted", source=Source.WAITLIST)

    [mail] = post()

    assert "Doesn’t it suit you any more? Give your seat back, so that others can have it." in text_of(mail)
    assert "Give it back: http://testserver/give-back/" in text_of(mail)
    assert text_of(mail).index("Doesn’t it suit you") < text_of(mail).index("The invitation in this email")
    assert len(links_in(mail, "give-back")) == 1
    assert calendar_of(mail)["METHOD"] == "REQUEST"
