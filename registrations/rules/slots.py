from __future__ import annotations

from typing import TYPE_CHECKING

from events.enums import ComingAgain, SessionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Event, Session
    from registrations.models import Registration


def is_past(session: Session, now: datetime) -> bool:
    """Its time is over, or its check-in is finished: a seat on it no longer fills the slot, whoever was there."""
    return session.status == SessionStatus.HELD or now >= session.ends_at


def fills_the_slot(claim: Registration, now: datetime) -> bool:
    """A seat on a date that is still to come or under way, also where nobody has noted yet that the date is over."""
    return claim.holds_a_seat and claim.fills_slot and not is_past(claim.session, now)


def attended(claims: Iterable[Registration]) -> Registration | None:
    """Of a person's claims in one slot the newest date on which they were seen; being absent or excused is nothing of the kind."""
    return max((claim for claim in claims if claim.is_confirmed and claim.has_attended), key=_by_date, default=None)


def _by_date(claim: Registration) -> tuple[datetime, int]:
    return claim.session.starts_at, claim.pk


def comes_once(event: Event) -> bool:
    """Seats go to people who have not been; otherwise these only go first."""
    return event.coming_again == ComingAgain.ONCE
