"""How a programme writes days. Organisers write `2026-11-12`; the demo, always around today, uses relative days.

    2026-11-12        that day
    today             the day of the import
    +17   -30         that many days from today
    thu +3   tue -12  that weekday, that many weeks from this week
    last 10-01        the latest 1 October that is not in the future
    last 10-01 -1     the one a year before

Weeks in which the university is closed (Christmas, high summer) are not counted. Relative days and weekdays that fall
on a weekend or a Dutch public holiday move to the next working day.
A time is `09:30`; the start of a date may also be `now +25`: that many minutes after the import.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SATURDAY = 5
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DAYS = re.compile(r"([+-]\d{1,4})")
WEEKDAY = re.compile(rf"({'|'.join(WEEKDAYS)})(?: ([+-]\d{{1,3}}))?")
YEARLY = re.compile(r"last (\d{2})-(\d{2})(?: -(\d{1,2}))?")
SOON = re.compile(r"now ([+-]\d{1,4})")
STEP = 5
# Month and day of the Monday: the weeks of Christmas and New Year, and four weeks in summer.
CLOSED_MONDAYS = (((12, 20), (12, 31)), ((1, 1), (1, 1)), ((7, 19), (8, 15)))
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


class UnreadableDate(Exception):
    """Matches none of the notations above, or is a day that does not exist."""


def day_from(text: str, today: date) -> date:
    try:
        return _day_from(" ".join(text.lower().split()), today)
    except (ValueError, OverflowError):
        raise UnreadableDate from None


def clock_from(text: str) -> time:
    """Reads `9:30` or `09:30`."""
    match = CLOCK.fullmatch(text.strip())
    try:
        return time(int(match[1]), int(match[2]))  # type: ignore[index]  # a failed match is refused below
    except (TypeError, ValueError):
        raise UnreadableDate from None


def is_soon(text: str) -> bool:
    return bool(SOON.fullmatch(text.strip()))


def soon_from(text: str, now: datetime) -> datetime:
    """Reads `now +25`, rounded up to five minutes."""
    match = SOON.fullmatch(text.strip())
    if not match:
        raise UnreadableDate
    moment = (now + timedelta(minutes=int(match[1]))).replace(second=0, microsecond=0)
    return moment + timedelta(minutes=-moment.minute % STEP)


def _day_from(text: str, today: date) -> date:
    if text == "today":
        return today
    if match := ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := DAYS.fullmatch(text):
        return _working_day(today + timedelta(days=int(match[1])))
    if match := WEEKDAY.fullmatch(text):
        monday = _monday(today, open_weeks=int(match[2] or 0))
        return _working_day(monday + timedelta(days=WEEKDAYS.index(match[1])))
    if match := YEARLY.fullmatch(text):
        return _latest(int(match[1]), int(match[2]), today).replace(
            year=_latest_year(match, today) - int(match[3] or 0)
        )
    raise UnreadableDate


def _latest(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def _latest_year(match: re.Match[str], today: date) -> int:
    return _latest(int(match[1]), int(match[2]), today).year


def _monday(today: date, *, open_weeks: int) -> date:
    monday = today - timedelta(days=today.weekday())
    week = timedelta(weeks=1 if open_weeks > 0 else -1)
    for _counted in range(abs(open_weeks)):
        monday += week
        while _is_closed(monday):
            monday += week
    return monday


def _is_closed(monday: date) -> bool:
    return any(first <= (monday.month, monday.day) <= last for first, last in CLOSED_MONDAYS)


def _working_day(day: date) -> date:
    while day.weekday() >= SATURDAY or day in _public_holidays():
        day += timedelta(days=1)
    return day


@cache
def _public_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("NL")
