"""Which mails may be sent again by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registrations.emails.kinds import SEAT_MAILS

if TYPE_CHECKING:
    from datetime import datetime

    from registrations.models import Registration


def may_repeat(kind: str, registration: Registration, now: datetime) -> bool:
    """Only mails that are still true, and never once the session has begun: calendars are not updated after that
    (specs/calendar.md 3.12).
    """
    is_to_come = registration.session.starts_at > now
    return is_to_come and kind in SEAT_MAILS and SEAT_MAILS[kind].repeatable_while == registration.status
