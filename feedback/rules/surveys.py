"""When codes go out and when a survey closes (specs/privacy.md 1.4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from events.enums import SessionStatus

if TYPE_CHECKING:
    from events.models import Session

MORNING = time(9, 0)
OPEN_DAYS = 14
OPEN_DAYS_AT_LEAST = 7


def codes_due_at(session: Session) -> datetime:
    """Returns nine o'clock local time on the morning after the session."""
    return datetime.combine(session.local_end.date() + timedelta(days=1), MORNING, tzinfo=session.zone)


def is_ready_for_codes(session: Session, now: datetime) -> bool:
    return session.status == SessionStatus.HELD and codes_due_at(session) <= now


def closing_day(session: Session, now: datetime) -> date:
    """Returns the day fourteen days after the session, but at least a week from today if check-in ended late."""
    return max(session.local_end.date() + timedelta(days=OPEN_DAYS), today(now) + timedelta(days=OPEN_DAYS_AT_LEAST))


def today(now: datetime) -> date:
    """Returns the date in the default time zone: a survey has none of its own."""
    return timezone.localdate(now, timezone.get_default_timezone())
