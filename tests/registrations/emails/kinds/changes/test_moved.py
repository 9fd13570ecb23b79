"""The mail about another time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.services.attending import booking
from registrations.services.organizing import schedule
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.mails import event_of, words_of

pytestmark = pytest.mark.django_db


def test_a_moved_session_updates_the_same_entry(post):
    session, person = make_session(), make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    before = event_of(post()[0])
    moved_to = session.starts_at + timedelta(days=1)
    schedule.reschedule_session(
        session_key=session.key, starts_at=moved_to, ends_at=moved_to + timedelta(hours=2), now=NOW
    )

    mail = post()[0]

    after = event_of(mail)
    assert after["UID"] == before["UID"]
    assert (int(after["SEQUENCE"]), after.start) == (1, moved_to)
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert mail["Subject"].startswith("Changed: ")
    assert "It was:" in words_of(mail)
    assert "updates the entry in your calendar" in words_of(mail)


def test_the_update_shows_facts_of_its_own_moment(post):
    """Facts are frozen when the mail is queued (R35): two moves are two truths, in order."""
    session, person = make_session(), make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    for days in (1, 2):
        moved_to = session.starts_at + timedelta(days=days)
        schedule.reschedule_session(
            session_key=session.key, starts_at=moved_to, ends_at=moved_to + timedelta(hours=2), now=NOW
        )

    mails = []
    while batch := post():
        mails += batch

    starts = [event_of(mail).start - session.starts_at for mail in mails]
    assert starts == [timedelta(0), timedelta(days=1), timedelta(days=2)]
