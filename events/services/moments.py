from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date


LONGEST_NIGHT = timedelta(hours=12)
FARTHEST = timedelta(days=3653)


class NonexistentTime(Exception):
    """The clock skips this time on this day, because summer time begins."""

    reason = _("This time does not exist on that day: the clock jumps forward. Choose a time an hour later.")


def moment_at(*, day: date, at: time, timezone: str) -> datetime:
    """Returns the moment, in UTC, at which a clock in that time zone shows this time; the first if it occurs twice.

    Raises NonexistentTime for the hour that is skipped when summer time begins.
    """
    zone = ZoneInfo(timezone)
    moment = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at):
        raise NonexistentTime
    return moment


def day_of_end(*, day: date, start: time, end: time, last_day: date | None) -> date:
    """Returns the date on which the session ends. `last_day`: the last day that people come, if the organiser gave one.

    An end before the start means past midnight if the session then lasts at most twelve hours; anything longer is a
    typing error, which the caller refuses. Midnight as an end belongs to the day before it, so midnight to midnight
    is a whole day.
    """
    if last_day is not None and last_day != day:
        return last_day + timedelta(days=end == time.min)
    length = datetime.combine(day, end) - datetime.combine(day, start) + timedelta(days=1)
    is_past_midnight = end == time.min or (end <= start and length <= LONGEST_NIGHT)
    return day + timedelta(days=is_past_midnight)


def is_far_away(moment: datetime, now: datetime) -> bool:
    """Returns whether it is more than ten years from now: surely a typing error."""
    return abs(moment - now) > FARTHEST
