from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from events.services.moments import NonexistentTime, moment_at
from events.services.programme.dates import UnreadableDate, clock_from, day_from, soon_from

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-12", date(2026, 11, 12)),
        ("today", MONDAY),
        ("+1", date(2026, 3, 3)),
        ("+5", date(2026, 3, 9)),  # a Saturday
        ("-30", date(2026, 2, 2)),  # from Saturday 31 January
        ("thu", date(2026, 3, 5)),
        ("Thu  +1", date(2026, 3, 12)),
        ("mon -1", date(2026, 2, 23)),
        ("mon +5", date(2026, 4, 7)),  # Easter Monday
        ("fri -10", date(2025, 12, 12)),  # the two weeks of Christmas are not counted
        ("last 03-02", MONDAY),
        ("last 03-03", date(2025, 3, 3)),
        ("last 10-01 -1", date(2024, 10, 1)),
    ],
)
def test_day_from(text: str, day: date) -> None:
    assert day_from(text, MONDAY) == day


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-2-1", "12-11-2026", "thursday", "thu+1", "+99999", "last 02-30", "tomorrow", "1e3"]
)
def test_day_from_refuses(text: str) -> None:
    with pytest.raises(UnreadableDate):
        day_from(text, MONDAY)


def test_clock_from() -> None:
    assert [clock_from("9:30"), clock_from(" 23:59 ")] == [time(9, 30), time(23, 59)]


@pytest.mark.parametrize("text", ["", "9", "9.30", "24:00", "09:60", "now"])
def test_clock_from_refuses(text: str) -> None:
    with pytest.raises(UnreadableDate):
        clock_from(text)


def test_soon_from_goes_to_the_next_five_minutes() -> None:
    assert soon_from("now +20", datetime(2026, 3, 2, 23, 51, 10, tzinfo=UTC)) == datetime(2026, 3, 3, 0, 15, tzinfo=UTC)


def test_soon_from_refuses_a_clock() -> None:
    with pytest.raises(UnreadableDate):
        soon_from("10:00", datetime(2026, 3, 2, tzinfo=UTC))


def test_moment_at_knows_summer_and_winter() -> None:
    moments = [
        moment_at(day=day, at=time(10), timezone="Europe/Amsterdam") for day in (date(2026, 1, 5), date(2026, 7, 6))
    ]

    assert [moment.hour for moment in moments] == [9, 8]


def test_moment_at_takes_the_first_of_a_time_that_comes_twice() -> None:
    assert moment_at(day=date(2026, 10, 25), at=time(2, 30), timezone="Europe/Amsterdam").hour == 0


def test_moment_at_refuses_a_time_that_does_not_exist() -> None:
    with pytest.raises(NonexistentTime):
        moment_at(day=date(2026, 3, 29), at=time(2, 30), timezone="Europe/Amsterdam")
