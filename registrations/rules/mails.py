"""Which mails may be sent once more, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from registrations.models import Registration

ABOUT_A_SEAT = {
    "registration-confirmed",
    "registration-promoted",
    "registration-swapped",
    "session-moved",
    "session-relocated",
    "link-changed",
    "texts-changed",
    "session-reinstated",
}
ABOUT_AN_END = {"registration-cancelled", "session-cancelled"}
ABOUT_A_WISH = {"registration-waitlisted"}
ABOUT_AN_OFFER = {"registration-offered", "colleague-invited"}
ABOUT_A_REQUEST = {"registration-requested"}


def may_repeat(kind: str, registration: Registration, now: datetime) -> bool:
    """Only what still holds, and never once the session has begun: calendars then take no news any more (specs/calendar.md 3.12)."""
    if registration.session.starts_at <= now:
        return False
    return any(
        (
            kind in ABOUT_A_SEAT and registration.is_confirmed,
            kind in ABOUT_AN_END and registration.is_cancelled,
            kind in ABOUT_A_WISH and registration.is_waiting,
            kind in ABOUT_AN_OFFER and registration.is_offered,
            kind in ABOUT_A_REQUEST and registration.is_requested,
        )
    )
