"""What a free seat is. The verbs count by it under the lock; `querysets.annotate_seats` says the same to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Session


def seats_left(session: Session, *, taken: int, people: int) -> int:
    """How many seats nobody has: never more than the room can still hold, where people who walked in take up a place too.

    `taken`: seats held, open offers included; `people`: those and everybody who walked in. The venue must be loaded.
    """
    left = session.capacity - taken
    if session.venue:
        left = min(left, session.venue.capacity - people)
    return max(left, 0)


def seats_free(*, left: int, held_back: int, is_member: bool) -> int:
    """How many of the seats left one person could take: without those held back for a group, unless they belong to it (product W2)."""
    return left if is_member else max(left - held_back, 0)


def held_back(session: Session, *, by_members: int) -> int:
    """How many seats are still held for a group: those that its members have taken no longer are. `by_members`: how many that is."""
    return max(session.held_seats - by_members, 0)


def is_held(session: Session, now: datetime) -> bool:
    """A hold ends at its moment, whether or not the scheduler has acted on it."""
    return session.held_seats > 0 and session.held_until is not None and session.held_until > now
