"""The mail about another place."""

from __future__ import annotations

import pytest

from registrations.services.attending import booking
from registrations.services.organizing import schedule
from tests.factories import NOW, make_person, make_session, make_venue
from tests.registrations.support.mails import event_of

pytestmark = pytest.mark.django_db


def test_another_room_updates_the_same_entry(post):
    session, person = make_session(), make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    before = event_of(post()[0])
    venue = make_venue(name="Library", room="Orange room")
    schedule.relocate_session(session_key=session.key, venue=venue, join_url="", now=NOW)

    after = event_of(post()[0])

    assert (after["UID"], int(after["SEQUENCE"])) == (before["UID"], 1)
    assert after["LOCATION"] == "Library, Orange room"
