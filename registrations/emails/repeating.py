"""Which mails may be sent once more, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registrations.emails.kinds import SEAT_MAILS

if TYPE_CHECKING:
    from datetime import datetime

    from registrations.models import Registration


def may_repeat(kind: str, registration: Registration, now: datetime) -> bool:
    """Only what still holds, and never once the session has begun: calendars then take no news any more
    (specs/calendar.md 3.12).
    """
    is_to_come = registration.session.starts_at > now
    return is_to_come and kind in SEAT_MAILS and SEAT_MAILS[kind].repeatable_while == registration.status
