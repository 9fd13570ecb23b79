"""Seats of a date that are reserved for a group until a given moment (product W2).

No seat is assigned to anybody: a hold only reduces what people outside the group can take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.services.refusals import UnableToChange
from registrations.enums import Source, Status
from registrations.models import Registration
from registrations.rules import in_hold_group
from registrations.services.lock import lock_session
from registrations.services.organizing.capacity import counted_session, refuse_unless_changeable
from registrations.services.seats import waitlist
from registrations.services.seats.availability import read_event_seats

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from project.accounts.models import User
    from registrations.querysets import CountedSession

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """How many seats are held, for which audiences and units (if both are given, people must match both), and until
    when. With 0 seats, nothing is held any more.
    """

    seats: int
    audiences: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HoldPlan:
    """What a hold means for the people who wait and for the next ones to sign up."""

    session: CountedSession
    hold: Hold
    promoted: int
    free_for_group: int
    free_for_others: int

    @property
    def staying(self) -> int:
        return self.session.waiting_count - self.promoted


def preview_hold(*, session_key: UUID, hold: Hold, now: datetime) -> HoldPlan:
    """Returns what `hold_seats` would do now. Writes nothing, and refuses the same."""
    session = counted_session(session_key, now)
    _refuse_hold(session, hold, now)
    event_seats = read_event_seats(session.event, now=now)
    seats = event_seats[session]
    _write(seats.session, hold)
    seats.held_by_members = _members_with_a_seat(seats.session)
    allocations = waitlist.who_would_get_in(event_seats=event_seats, now=now)
    return HoldPlan(
        session=session,
        hold=hold,
        promoted=sum(allocation.entry.session_id == session.pk for allocation in allocations),
        free_for_group=seats.free(is_member=True),
        free_for_others=seats.free(is_member=False),
    )


def hold_seats(*, session_key: UUID, hold: Hold, actor: User, now: datetime) -> Session:
    """Sets the one hold of a date. With 0 seats it is released, and people who wait get in at once. Nobody loses a seat
    by it.

    Raises `UnableToChange`: `cancelled`, `started`, `too-many` (negative, or more than there are seats), `for-nobody`,
    `until-missing`, `until-past`, `until-too-late` (after the start or the closing).
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        waitlist.settle(event=session.event, now=now)
        _refuse_hold(session, hold, now)
        _write(session, hold)
        session.changed_at = now
        session.save(update_fields=["held_seats", "held_audiences", "held_units", "held_until", "changed_at"])
        waitlist.fill(event=session.event, now=now)
        log.info("seats_held", actor=str(actor.key), session=str(session.key), seats=hold.seats)
    return session


def _members_with_a_seat(session: Session) -> int:
    """Counts members of the new group, which is not in the database yet."""
    asked_along = Q(status=Status.OFFERED, source=Source.COLLEAGUE)
    seated = Registration.objects.holding_a_seat().filter(session=session).exclude(asked_along)
    people = seated.values_list("attendee__audience", "attendee__unit__code")
    return sum(in_hold_group(session, audience=audience, unit=unit or "") for audience, unit in people)


def _write(session: Session, hold: Hold) -> None:
    """A hold of no seats clears the group and the moment too."""
    kept = hold if hold.seats else Hold(seats=0)
    session.held_seats, session.held_until = kept.seats, kept.until
    session.held_audiences, session.held_units = tuple(sorted(kept.audiences)), tuple(sorted(kept.units))


def _refuse_hold(session: Session, hold: Hold, now: datetime) -> None:
    refuse_unless_changeable(session, now)
    if not 0 <= hold.seats <= session.capacity:
        text = _("Enter a number between 0 and %(most)s.") % {"most": session.capacity}
        raise UnableToChange("too-many", text, field="seats")
    if not hold.seats:
        return
    if not hold.audiences and not hold.units:
        raise UnableToChange("for-nobody", _("Say for whom: a group, a unit, or both."), field="audiences")
    if hold.until is None:
        raise UnableToChange("until-missing", _("Say until when the seats are held."), field="day")
    if hold.until <= now:
        raise UnableToChange("until-past", _("Choose a moment in the future."), field="day")
    if hold.until > session.last_moment:
        text = _("Seats are held until the start or the closing of sign-up at the latest.")
        raise UnableToChange("until-too-late", text, field="day")
