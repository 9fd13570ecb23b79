"""Time zones by their names in the tz database, and local times in words."""

from __future__ import annotations

from calendar import monthrange
from datetime import time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import date, datetime

# The database also has offsets with the sign of POSIX (`Etc/GMT+5` is five hours *behind*), legacy names (`EST5EDT`),
# countries, and copies of the whole list (`posix/`, `right/`).
REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def regions() -> frozenset[str]:
    """Returns the names of places, as the database spells them."""
    return frozenset(name for name in available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)


def is_region(name: str) -> bool:
    return name in regions()


def validate_region(name: str) -> None:
    if not is_region(name):
        raise ValidationError(_("There is no such time zone. Write Europe/Amsterdam."), code="timezone")


def in_words(timezone: str, moment: datetime) -> str:
    """Returns the name of the local time with its offset at this moment: "Amsterdam time, UTC+2"."""
    zone = ZoneInfo(timezone)
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    if not is_region(timezone):
        return _offset(offset)  # stored before names were checked; such names mislead
    city = timezone.rpartition("/")[2].replace("_", " ")
    return _("%(city)s time, %(offset)s") % {"city": city, "offset": _offset(offset)}


def _offset(offset: timedelta) -> str:
    if not offset:
        return "UTC"
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def whole_days(starts_at: datetime, ends_at: datetime, timezone: str) -> tuple[date, date] | None:
    """Returns the first and the last day if it lasts from midnight to midnight local time, else None."""
    start, end = (moment.astimezone(ZoneInfo(timezone)) for moment in (starts_at, ends_at))
    if {start.time(), end.time()} != {time.min}:
        return None
    return start.date(), last_day_of(end)


def ends_on_another_day(start: datetime, end: datetime) -> bool:
    """Expects local times. Midnight still counts as the day before."""
    return last_day_of(end) != start.date()


def last_day_of(end: datetime) -> date:
    """Midnight belongs to the day before it."""
    return end.date() - timedelta(days=end.time() == time.min)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
