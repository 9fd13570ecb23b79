from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date, time


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


def is_far_away(moment: datetime, now: datetime) -> bool:
    """More than ten years from now is a typing error, and years that a calendar cannot hold are none at all."""
    return abs(moment - now) > FARTHEST
