"""When a reminder and the question "still coming?" are due: clock tables, over both changes of the clocks."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from events.models import Event, Session
from registrations.rules.reminders import (
    asked_at,
    day_of,
    heard_long_ago,
    is_day,
    is_time_to_ask,
    is_time_to_remind,
    reminder_at,
    seated_long_ago,
)
from tests.registrations.support.clocks import AMSTERDAM, HOUR, NEW_YORK, at

SECOND = timedelta(seconds=1)


def session_at(local, zone=AMSTERDAM, **overrides):
    start = at(local, zone)
    return Session(event=Event(), starts_at=start, ends_at=start + HOUR, timezone=zone.key, **overrides)


def spoken(moment):
    return f"{moment.astimezone(AMSTERDAM):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "reminded"),
    [
        ("2026-03-12 14:00", "Wed 2026-03-11 14:00"),
        ("2026-03-12 08:00", "Wed 2026-03-11 08:00"),
        ("2026-03-12 07:00", "Wed 2026-03-11 08:00"),  # later, and still 23 hours before
        ("2026-03-12 00:00", "Wed 2026-03-11 08:00"),
        ("2026-03-12 20:00", "Wed 2026-03-11 20:00"),
        ("2026-03-12 22:30", "Wed 2026-03-11 20:00"),
        ("2026-03-16 10:00", "Sun 2026-03-15 10:00"),  # also in a weekend: it is for the person, not for the office
        ("2026-03-29 10:00", "Sat 2026-03-28 10:00"),  # summer time begins in between: 23 hours
        ("2026-03-29 03:30", "Sat 2026-03-28 08:00"),
        ("2026-03-30 10:00", "Sun 2026-03-29 10:00"),
        ("2026-10-25 10:00", "Sat 2026-10-24 10:00"),  # summer time ends in between: 25 hours
        ("2026-10-25 02:30", "Sat 2026-10-24 08:00"),  # the hour that comes twice
        ("2026-10-26 08:00", "Sun 2026-10-25 08:00"),
        ("2027-01-01 13:00", "Thu 2026-12-31 13:00"),
    ],
)
def test_reminder_at_is_the_day_before_at_a_humane_hour(start, reminded):
    assert spoken(reminder_at(session_at(start))) == reminded


@pytest.mark.parametrize(
    ("start", "zone", "reminded"),
    [
        ("2026-03-12 09:00", NEW_YORK, "Wed 2026-03-11 14:00"),  # five hours apart in these three weeks
        ("2026-04-15 20:00", NEW_YORK, "Wed 2026-04-15 08:00"),  # Thursday 02:00 here
        ("2026-03-12 10:00", ZoneInfo("Asia/Tokyo"), "Wed 2026-03-11 08:00"),
    ],
)
def test_reminder_at_goes_by_the_clocks_of_the_reader(start, zone, reminded):
    assert spoken(reminder_at(session_at(start, zone))) == reminded


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (at("2026-03-11 14:00") - SECOND, False),
        (at("2026-03-11 14:00"), True),
        (at("2026-03-11 21:00") - SECOND, True),
        (at("2026-03-11 21:00"), False),  # a late scheduler wakes nobody
        (at("2026-03-12 08:00") - SECOND, False),
        (at("2026-03-12 08:00"), True),
        (at("2026-03-12 13:00") - SECOND, True),
        (at("2026-03-12 13:00"), False),  # who has not left by now would read it afterwards
    ],
)
def test_is_time_to_remind_has_borders(now, is_due):
    assert is_time_to_remind(session_at("2026-03-12 14:00"), now) is is_due


def test_heard_long_ago_is_twelve_hours_also_where_the_clocks_change():
    assert heard_long_ago(session_at("2026-03-30 10:00")) == at("2026-03-28 21:00")  # and an hour was skipped
    assert heard_long_ago(session_at("2026-10-26 10:00")) == at("2026-10-24 23:00")  # and an hour came twice


@pytest.mark.parametrize(
    ("start", "asked"),
    [
        ("2026-03-12 14:00", "Mon 2026-03-09 09:00"),
        ("2026-03-16 14:00", "Wed 2026-03-11 09:00"),  # a Monday
        ("2026-03-14 14:00", "Wed 2026-03-11 09:00"),  # a Saturday
        ("2026-03-31 10:00", "Thu 2026-03-26 09:00"),  # summer time begins in between
        ("2026-10-28 10:00", "Fri 2026-10-23 09:00"),  # and ends
        ("2026-04-08 10:00", "Wed 2026-04-01 09:00"),  # Good Friday, the weekend and Easter Monday do not count
        ("2026-04-29 10:00", "Thu 2026-04-23 09:00"),  # nor does King's Day
        ("2027-01-04 10:00", "Tue 2026-12-29 09:00"),  # nor New Year's Day
    ],
)
def test_asked_at_is_three_working_days_before(start, asked):
    assert spoken(asked_at(session_at(start))) == asked


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (at("2026-03-09 09:00") - SECOND, False),
        (at("2026-03-09 09:00"), True),
        (at("2026-03-09 21:00"), False),
        (at("2026-03-10 08:00"), True),
        (at("2026-03-10 09:00"), False),  # a day late, it would come together with the reminder
    ],
)
def test_is_time_to_ask_lasts_a_day(now, is_due):
    assert is_time_to_ask(session_at("2026-03-12 14:00"), now) is is_due


@pytest.mark.parametrize(
    ("closes", "is_due"),
    [
        ("2026-03-09 13:00", False),  # three hours before it closes, a free seat is for whoever looks first
        ("2026-03-09 09:00", False),
        ("2026-03-11 14:00", True),
    ],
)
def test_is_time_to_ask_only_while_the_list_gets_the_seat(closes, is_due):
    session = session_at("2026-03-12 14:00", closes_at=at(closes))

    assert is_time_to_ask(session, at("2026-03-09 10:00")) is is_due


def test_seated_long_ago_is_a_day_before_the_question():
    assert seated_long_ago(session_at("2026-03-12 14:00")) == at("2026-03-08 09:00")


@pytest.mark.parametrize(("hour", "is_so"), [("07:59", False), ("08:00", True), ("20:59", True), ("21:00", False)])
def test_is_day(hour, is_so):
    assert is_day(at(f"2026-03-29 {hour}")) is is_so


def test_day_of_is_the_readers_day():
    assert day_of(session_at("2026-03-12 23:59")) == at("2026-03-12 12:00").date()
    assert day_of(session_at("2026-03-12 19:00", NEW_YORK)) == at("2026-03-13 12:00").date()
