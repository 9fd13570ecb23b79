"""What a seat is: when one is free, for whom it is held, and when it fills its slot.
The verbs count by these rules under the lock; `querysets.annotate_seats` expresses the same for the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.enums import ComingAgain, SessionStatus
from project.accounts.enums import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from events.models import Event, Session
    from project.accounts.models import User
    from registrations.models import Registration


def seats_left(session: Session, *, taken: int, people: int) -> int:
    """Returns how many seats are free: never more than the room can still hold, in which walk-ins take up places, too.
    `taken`: seats held, open offers included; `people`: those and everybody who walked in. The venue must be loaded.
    """
    left = session.capacity - taken
    if session.venue:
        left = min(left, session.venue.capacity - people)
    return max(left, 0)


def seats_free(*, left: int, held_back: int, is_member: bool) -> int:
    """Returns how many of the seats left one person could take: all but those held back for a group, unless they belong
    to it (product W2).
    """
    return left if is_member else max(left - held_back, 0)


def held_back(session: Session, *, by_members: int) -> int:
    """Returns how many seats are still held for a group: each seat that a member takes reduces the hold. `by_members`:
    how many seats members have taken.
    """
    return max(session.held_seats - by_members, 0)


def is_held(session: Session, now: datetime) -> bool:
    """A hold ends at `held_until`, whether or not the scheduler has acted on it."""
    return session.held_seats > 0 and session.held_until is not None and session.held_until > now


def in_hold_group(session: Session, *, audience: str, unit: str) -> bool:
    """Returns whether this person belongs to the group that the session holds seats for; `unit` is a code (product
    W2).
    """
    of_unit = not session.held_units or unit in session.held_units
    admitted_as = Audience(audience).admitted_as if audience else frozenset[str]()
    return of_unit and (not session.held_audiences or bool(admitted_as & set(session.held_audiences)))


def is_of_hold_group(session: Session, person: User) -> bool:
    """The person's unit must be loaded. False if the session holds no seats."""
    return session.held_seats > 0 and in_hold_group(
        session, audience=person.audience, unit=person.unit.code if person.unit else ""
    )


def is_past(session: Session, now: datetime) -> bool:
    """Returns whether the session has ended or its check-in is finished: a seat on it no longer fills the slot, whether
    or not the person attended.
    """
    return session.status == SessionStatus.HELD or now >= session.ends_at


def fills_the_slot(claim: Registration, now: datetime) -> bool:
    """Returns whether the claim is a seat on a date that is still to come or under way. Checks the time as well:
    `fills_slot` may still be set after the date has ended.
    """
    return claim.holds_a_seat and claim.fills_slot and not is_past(claim.session, now)


def attended(claims: Iterable[Registration]) -> Registration | None:
    """Returns the newest of a person's claims in one slot on which they were checked in; absent or excused does not
    count.
    """
    return max((claim for claim in claims if claim.is_confirmed and claim.has_attended), key=_by_date, default=None)


def _by_date(claim: Registration) -> tuple[datetime, int]:
    return claim.session.starts_at, claim.pk


def comes_once(event: Event) -> bool:
    """Returns whether seats go only to people who have not attended. Otherwise people who have not attended merely go
    first.
    """
    return event.coming_again == ComingAgain.ONCE
