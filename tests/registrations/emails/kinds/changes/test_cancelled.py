"""The mail about a session that does not take place."""

from __future__ import annotations

import pytest

from registrations.services.attending import booking
from registrations.services.organizing import capacity
from tests.factories import NOW, make_organizer, make_people, make_session
from tests.registrations.support.mails import calendar_of, event_of

pytestmark = pytest.mark.django_db


def test_a_cancelled_session_is_taken_out_of_every_calendar(post):
    session = make_session(capacity=2)
    for person in make_people(3):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    uids = {str(event_of(mail)["UID"]) for mail in post() if calendar_of(mail)}
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)

    mails = post()

    assert len(mails) == 3
    ended = [event_of(mail) for mail in mails if calendar_of(mail)]
    assert {str(event["UID"]) for event in ended} == uids
    assert all(event["STATUS"] == "CANCELLED" for event in ended)
    assert all(event["SUMMARY"].startswith("CANCELLED: ") for event in ended)
