"""VTIMEZONE in the one form that Exchange, Outlook, Apple and Thunderbird all read (specs/calendar.md 2.7).
Do not use the library's own conversion of a zone: ical.js and vobject read it an hour wrong (R41).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from icalendar import Timezone

FIRST_YEAR = 1970
YEARS_BEFORE, YEARS_AFTER = 1, 2  # in which a rule must match the real changes (R43)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """The clocks going forward or back. `at` is naive: the wall clock that is being left; `moment` is the same in
    UTC.
    """

    moment: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def at(self) -> datetime:
        return (self.moment + self.before).replace(tzinfo=None)

    @property
    def is_forward(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True)
class YearlyRule:
    """A weekday with its ordinal, the only kind of rule that Exchange reads (R40)."""

    month: int
    weekday: int
    ordinal: int
    at: timedelta  # since midnight

    def day_in(self, year: int) -> date:
        first, days = date(year, self.month, 1), monthrange(year, self.month)[1]
        to_weekday = (self.weekday - first.weekday()) % 7
        if self.ordinal == LAST:
            return first + DAY * (to_weekday + (days - 1 - to_weekday) // 7 * 7)
        return first + DAY * (to_weekday + 7 * (self.ordinal - 1))

    def onset_in(self, year: int) -> datetime:
        return datetime.combine(self.day_in(year), datetime.min.time()) + self.at

    def __str__(self) -> str:
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={self.ordinal}{WEEKDAYS[self.weekday]}"


def zone_for(timezone: str, moments: Iterable[datetime]) -> tzinfo:
    """Returns the zone in which to write these moments: their own if a VTIMEZONE can describe its clock, else UTC,
    which is always right for a single event (R43). UTC as well for the hour that occurs twice in autumn, which local
    time cannot tell apart (R45).
    """
    zone, moments = ZoneInfo(timezone), list(moments)
    years = {moment.astimezone(zone).year for moment in moments}
    can_be_said = all(_blocks(timezone, year) for year in years)
    return zone if can_be_said and not any(_comes_twice(moment, zone) for moment in moments) else UTC


def vtimezone(timezone: str, moment: datetime) -> Timezone:
    """Returns the definition of a zone that `zone_for` returned, as of this moment (R39)."""
    from icalendar import Timezone  # noqa: PLC0415  # 0.2 s of import that only who makes calendar objects should pay

    blocks = _blocks(timezone, moment.astimezone(ZoneInfo(timezone)).year)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{timezone}", *blocks, "END:VTIMEZONE", ""]
    component = Timezone.from_ical("\r\n".join(lines).encode())
    assert isinstance(component, Timezone)  # noqa: S101  # tells the type checker what the lines are
    return component


@cache
def _blocks(timezone: str, year: int) -> tuple[str, ...]:
    """Returns the lines of STANDARD and, if there is one, DAYLIGHT. Empty if no such form is correct, as for Morocco,
    and for names that are no places: TZID is never `UTC` nor an offset (R44).
    """
    if "/" not in timezone or timezone.startswith("Etc/"):
        return ()
    zone = ZoneInfo(timezone)
    years = range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
    changes = _changes(zone, years)
    if not changes:
        return _unchanging(zone, year)
    forward, back = ([change for change in changes if change.is_forward is way] for way in (True, False))
    standard, daylight = _rule(back, years), _rule(forward, years)
    if standard is None or daylight is None:
        return ()
    return (*_block("STANDARD", back[-1], standard), *_block("DAYLIGHT", forward[-1], daylight))


def _changes(zone: ZoneInfo, years: range) -> list[Change]:
    """Returns the real changes of the clock in these years, by its own calendar; found day by day, then bisected to the
    second.
    """
    day, end = datetime(years[0], 1, 1, tzinfo=UTC) - DAY, datetime(years[-1] + 1, 1, 1, tzinfo=UTC) + DAY
    found = []
    while day < end:
        if _offset(zone, day) != _offset(zone, day + DAY):
            found.append(_change(zone, day))
        day += DAY
    return [change for change in found if change.at.year in years]


def _change(zone: ZoneInfo, early: datetime) -> Change:
    late, before = early + DAY, _offset(zone, early)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early).total_seconds() // 2)
        early, late = (middle, late) if _offset(zone, middle) == before else (early, middle)
    return Change(late, before, _offset(zone, late), late.astimezone(zone).tzname() or "")


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _rule(changes: list[Change], years: range) -> YearlyRule | None:
    """Returns the rule that gives exactly these changes, one a year, with the same offsets; None if there is none."""
    if [change.at.year for change in changes] != list(years):
        return None
    if len({(change.before, change.after) for change in changes}) != 1:
        return None
    first = changes[0].at
    at = first - datetime.combine(first.date(), datetime.min.time())
    for ordinal in (LAST, (first.day + 6) // 7):
        rule = YearlyRule(first.month, first.weekday(), ordinal, at)
        if all(rule.onset_in(change.at.year) == change.at for change in changes):
            return rule
    return None


def _block(kind: str, change: Change, rule: YearlyRule) -> list[str]:
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{rule.onset_in(FIRST_YEAR):%Y%m%dT%H%M%S}",
        f"RRULE:{rule}",
        f"TZOFFSETFROM:{_spoken(change.before)}",
        f"TZOFFSETTO:{_spoken(change.after)}",
        f"TZNAME:{change.name}",
        f"END:{kind}",
    ]


def _unchanging(zone: ZoneInfo, year: int) -> tuple[str, ...]:
    """Returns one STANDARD without a rule: Outlook fails on a rule without a change (R43)."""
    there = datetime(year, 1, 1, tzinfo=zone)
    offset = _spoken(there.utcoffset() or timedelta())
    start, name = f"DTSTART:{FIRST_YEAR}0101T000000", there.tzname()
    offsets = (f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}")
    return ("BEGIN:STANDARD", start, *offsets, f"TZNAME:{name}", "END:STANDARD")


def _spoken(offset: timedelta) -> str:
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(offset) // timedelta(minutes=1)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}"


def _comes_twice(moment: datetime, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
