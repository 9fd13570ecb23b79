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
    """The clock jumps over this time on this day."""

    reason = _("This time does not exist on that day: the clock jumps forward. Choose a time an hour later.")


def moment_at(*, day: date, at: time, timezone: str) -> datetime:
    """The moment, in UTC, at which a clock on the wall there shows this time; of a time that comes twice, the first.

    Raises NonexistentTime in the hour that is skipped when summer time begins.
    """
    zone = ZoneInfo(timezone)
    moment = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at):
        raise NonexistentTime
    return moment


def day_of_end(*, day: date, start: time, end: time, last_day: date | None) -> date:
    """The day on which a clock shows the end. `last_day`: the last that people come on, where somebody said it.

    An evening runs past midnight; but an end in the morning of the same day is a typing error, which the caller refuses. From midnight to
    midnight are whole days, and midnight as an end belongs to the day before it.
    """
    if last_day is not None and last_day != day:
        return last_day + timedelta(days=end == time.min)
    length = datetime.combine(day, end) - datetime.combine(day, start) + timedelta(days=1)
    is_past_midnight = end == time.min or (end <= start and length <= LONGEST_NIGHT)
    return day + timedelta(days=is_past_midnight)


def is_far_away(moment: datetime, now: datetime) -> bool:
    """More than ten years from now is a typing error, and years that a calendar cannot hold are none at all."""
    return abs(moment - now) > FARTHEST
