"""What may be undone, and what giving a seat back late means (product S3, S7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from registrations.enums import UNDO_WINDOW
from registrations.rules.admission import why_closed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Session
    from registrations.models import Registration


def is_late(session: Session, now: datetime) -> bool:
    """Returns whether a seat would be given back after the deadline. It is still freed and only flagged (product S7);
    there is no penalty.
    """
    return now > session.starts_at - timedelta(hours=session.event.cancel_until_hours)


def may_undo_cancellation(registration: Registration, now: datetime) -> bool:
    moment = registration.cancelled_at
    is_open = why_closed(registration.session, now) is None
    return registration.was_given_back and moment is not None and now - moment <= UNDO_WINDOW and is_open


def moved_from(seat: Registration, own: Iterable[Registration], now: datetime) -> Registration | None:
    """Returns the seat that was given up for this one within the undo window, so that the move can be undone. `own`:
    claims of the same person.
    """
    if seat.confirmed_at is None or now - seat.confirmed_at > UNDO_WINDOW:
        return None
    return next((claim for claim in own if _made_way(claim, seat)), None)


def _made_way(claim: Registration, seat: Registration) -> bool:
    """Returns whether `claim` was a seat that ended at the very moment `seat` began, and was neither given back by hand
    nor cancelled with its session. A queue entry never was a seat.
    """
    was_a_seat = claim.is_cancelled and claim.confirmed_at is not None and not claim.was_given_back
    ended_with_it = claim.slot == seat.slot and claim.cancelled_at == seat.confirmed_at
    return was_a_seat and ended_with_it and claim.session_id != seat.session_id
