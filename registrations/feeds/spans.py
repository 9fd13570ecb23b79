from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from events.models.timezones import end_of_month

if TYPE_CHECKING:
    from datetime import date

DAYS_BACK = timedelta(days=60)
MONTHS_AHEAD = 18


@dataclass(frozen=True)
class Span:
    """The period that a feed covers, in days of our time zone: 60 back, 18 months ahead (specs/calendar.md R54).
    It moves at midnight, not with every request, so that the bytes of a feed stay the same all day.
    """

    day: date

    @classmethod
    def around(cls, now: datetime) -> Span:
        return cls(now.astimezone(ZoneInfo(settings.TIME_ZONE)).date())

    @property
    def first(self) -> datetime:
        return _midnight(self.day - DAYS_BACK)

    @property
    def last(self) -> datetime:
        """Exclusive."""
        return _midnight(_months_after(self.day, MONTHS_AHEAD))

    @property
    def today(self) -> datetime:
        return _midnight(self.day)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


def _months_after(day: date, months: int) -> date:
    """Returns the same day of a later month, or the last day of that month if it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    later = day.replace(day=1).replace(year=day.year + years, month=month + 1)
    longest = end_of_month(later)
    return longest.replace(day=min(day.day, longest.day))
