"""The mail about an offer that nobody answered in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.enums import Status
from tests.factories import NOW, make_session
from tests.registrations.support.mails import another_date, calendar_of, html_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_an_expired_offer_is_told_kindly(post):
    expired = make_claim(Status.CANCELLED)
    tell(expired, "offer-expired")

    [mail] = post()

    assert mail["Subject"] == f"Your time to answer has passed: {expired.session.title}, 12 March"
    assert "we are no longer holding the seat at" in text_of(mail)
    assert "If a seat is free while signing up is open, you can take it." in text_of(mail)
    assert "You do not have to cancel anything: nothing was in your calendar." in html_of(mail)
    assert f"See other dates: http://testserver/events/{expired.session.event.slug}/" in text_of(mail)
    assert "other dates, in the same place" not in text_of(mail)
    assert "You still have your seat" not in text_of(mail)
    assert calendar_of(mail) is None


def test_an_expired_offer_says_what_the_person_still_has(post):
    seat = make_claim(Status.CONFIRMED)
    expired = make_claim(Status.CANCELLED, session=another_date(seat), attendee=seat.attendee, replaces=seat)
    wished = make_session(event=seat.session.event, starts_at=NOW + timedelta(days=30))
    make_claim(Status.WAITLISTED, session=wished, attendee=seat.attendee, replaces=seat)
    tell(expired, "offer-expired")

    [mail] = post()

    assert "You still have your seat: Thursday 12 March 2026, 10:00–12:00." in text_of(mail)
    assert "You are still waiting for your other dates, in the same place as before." in text_of(mail)
