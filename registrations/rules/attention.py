"""What an organiser should look at today."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from events.enums import SessionStatus

if TYPE_CHECKING:
    from datetime import datetime

    from registrations.querysets import CountedSession

COMING_SOON = timedelta(days=7)


def needs_of(session: CountedSession, now: datetime) -> tuple[str, ...]:
    """Returns why an organiser should look at this session today; empty if it needs no attention."""
    if session.status != SessionStatus.SCHEDULED:
        return ()
    if now >= session.ends_at:
        return ("unfinished",)
    is_full = session.waiting_count > 0 and session.seats_left == 0 and now < session.starts_at
    reasons = {
        "full": is_full,
        "today": session.is_on_day_of(now),
        "soon": session.starts_at - now <= COMING_SOON,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
