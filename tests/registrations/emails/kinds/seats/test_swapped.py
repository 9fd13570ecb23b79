"""The mail about another date instead of the one that somebody had."""

from __future__ import annotations

import pytest

from registrations.enums import Status
from registrations.models import Registration
from registrations.services.calendar import invites
from tests.factories import NOW, make_session, make_venue
from tests.registrations.support.mails import another_date, calendar_of, event_of, html_of, make_claim, text_of

pytestmark = pytest.mark.django_db


def make_seat(kind, **overrides):
    """With its invitation, and the mail that tells of it."""
    seat = make_claim(Status.CONFIRMED, **overrides)
    invites.issue([seat], kind=kind, now=NOW)
    return seat


def swap(**titles):
    old = make_seat("registration-confirmed", session=make_session(title_en=titles.get("old", "")))
    Registration.objects.filter(pk=old.pk).update(status=Status.CANCELLED, cancelled_at=NOW)
    session = another_date(old, title_en=titles.get("new", ""), venue=make_venue(name="Library", room="Orange room"))
    new = make_claim(Status.CONFIRMED, session=session, attendee=old.attendee)
    invites.transfer([(old, new)], now=NOW)
    return old, new


def test_a_swap_moves_the_entry_in_the_calendar(post):
    """specs/calendar.md R28, 3.11: one update instead of a cancellation and a new entry."""
    _, new = swap()

    before, mail = post()

    entry = event_of(mail)
    assert calendar_of(mail)["METHOD"] == "REQUEST"
    assert (entry["UID"], int(entry["SEQUENCE"])) == (event_of(before)["UID"], 1)
    assert (entry.start, entry["LOCATION"]) == (new.session.starts_at, "Library, Orange room")
    assert entry["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert entry["DTSTAMP"].dt > event_of(before)["DTSTAMP"].dt


def test_a_swap_says_old_and_new(post):
    old, new = swap()

    _, mail = post()

    assert mail["Subject"] == f"Changed: {new.session.title}, 19 March"
    for words in (text_of(mail), html_of(mail)):
        assert f"Your swap is done: you now have a seat at {new.session.title}." in words
        assert "Thursday 19 March 2026, 10:00–12:00" in words
        assert f"It was: Thursday 12 March 2026, 10:00–12:00, {old.session.venue}" in words
        assert "This email also updates the entry in your calendar." in words


def test_a_swap_to_another_subject_names_the_old_one(post):
    swap(old="Listening", new="Speaking up")

    _, mail = post()

    assert "you now have a seat at Speaking up (" in text_of(mail)
    assert "It was: Listening, Thursday 12 March 2026" in text_of(mail)
