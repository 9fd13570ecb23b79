from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.models import MAX_SEATS, Session
from events.services.refusals import UnableToChange
from registrations.enums import Action
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.services.calendar import host_invites, invites
from registrations.services.lock import lock_session
from registrations.services.seats import claims, waitlist
from registrations.services.seats.availability import read_event_seats

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import CountedSession
    from registrations.services.seats.availability import SessionSeats


@dataclass(frozen=True, kw_only=True)
class ResizePlan:
    """What a new number of seats means for the people who wait."""

    session: CountedSession
    capacity: int
    promoted: list[Registration]  # seated at once, or offered a seat if it is that late
    seats: SessionSeats

    @property
    def staying(self) -> int:
        return self.session.waiting_count - len(self.promoted)

    @property
    def left(self) -> int:
        """Returns the number of seats that anybody can take afterwards."""
        return self.seats.free(is_member=False)


def preview_resize(*, session_key: UUID, capacity: int, now: datetime) -> ResizePlan:
    """Returns what `resize_session` would do now. Writes nothing, and refuses the same."""
    session = counted_session(session_key, now)
    refuse_unless_changeable(session, now)
    _refuse_capacity(session, capacity)
    seats_of = read_event_seats(session.event, now=now)
    seats_of[session].session.capacity = capacity
    allocations = waitlist.who_would_get_in(event_seats=seats_of, now=now)
    here = [allocation.entry.pk for allocation in allocations if allocation.entry.session_id == session.pk]
    promoted = Registration.objects.filter(pk__in=here).in_queue_order().select_related("attendee")
    return ResizePlan(session=session, capacity=capacity, promoted=list(promoted), seats=seats_of[session])


def resize_session(*, session_key: UUID, capacity: int, now: datetime) -> Session:
    """Sets the number of seats; people who wait are promoted in the same transaction (product Q5).

    Raises `UnableToChange`: `cancelled`, `started`, `below-seats-taken` (nobody loses a seat), `room-too-small`,
    `too-many`.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        waitlist.settle(event=session.event, now=now)
        refuse_unless_changeable(session, now)
        _refuse_capacity(session, capacity)
        session.capacity, session.changed_at = capacity, now
        session.save(update_fields=["capacity", "changed_at"])
        waitlist.fill(event=session.event, now=now)
    return session


def preview_cancel(*, session_key: UUID, now: datetime) -> CountedSession:
    """Returns the session with the counts of the people whom `cancel_session` would tell. Writes nothing, and refuses
    the same.
    """
    session = counted_session(session_key, now)
    if session.status != SessionStatus.CANCELLED:
        refuse_unless_changeable(session, now)
    return session


def cancel_session(*, session_key: UUID, actor: User, now: datetime) -> Session:
    """Cancels the session and every claim on it, and tells everybody: METHOD:CANCEL to people who have it in their
    calendar (specs/calendar.md 3.7), a plain mail to people who wait. Idempotent.

    Raises `UnableToChange`: `started`.
    """
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        if session.status == SessionStatus.CANCELLED:
            return session
        refuse_unless_changeable(session, now)
        session.status, session.changed_at = SessionStatus.CANCELLED, now
        session.ical_sequence += 1
        session.save(update_fields=["status", "ical_sequence", "changed_at"])
        waitlist.forget_stand_ins(session=session)
        registrations = active_registrations(session)
        claims.end(registrations, now)
        claims.let_wishes_stand_alone(registrations)
        claims.record(registrations, action=Action.SESSION_CANCELLED, actor=actor, now=now)
        invites.withdraw(registrations, kind="session-cancelled", now=now)
        host_invites.withdraw(session=session, now=now)
        waitlist.fill(event=session.event, now=now)
    return session


def counted_session(session_key: UUID, now: datetime) -> CountedSession:
    """Returns the session with its seat counts, without a lock: for previews. Raises `Session.DoesNotExist`."""
    sessions = Session.objects.select_related("event", "venue")
    return annotate_seats(sessions, now).get(key=session_key)


def active_registrations(session: Session) -> list[Registration]:
    """Returns the claims of everybody with a seat or a place, each with the session loaded, so that no query is made
    per person.
    """
    registrations = list(
        Registration.objects.active().filter(session=session).select_related("attendee").order_by("pk")
    )
    for registration in registrations:
        registration.session = session
    return registrations


def refuse_unless_changeable(session: Session, now: datetime) -> None:
    if session.status == SessionStatus.CANCELLED:
        raise UnableToChange("cancelled", _("This session is cancelled. First let it take place after all."))
    if session.status == SessionStatus.HELD or now >= session.starts_at:
        raise UnableToChange("started", _("This session has started; it can no longer be changed."))


def refuse_unless_in_use(person: User) -> None:
    """Refuses to give a seat to somebody whose account is deactivated."""
    if not person.is_active:
        raise UnableToChange("inactive", _("This person's account is switched off."))


def _refuse_capacity(session: Session, capacity: int) -> None:
    taken = Registration.objects.holding_a_seat().filter(session=session).count()
    if not 0 <= capacity <= MAX_SEATS:
        text = _("Enter a number between 0 and %(most)s.") % {"most": MAX_SEATS}
        raise UnableToChange("too-many", text, field="capacity")
    if capacity < taken:
        text = _("%(taken)s seats are taken. Choose at least that many, or ask people to give their seat back.")
        raise UnableToChange("below-seats-taken", text % {"taken": taken}, field="capacity")
    if session.venue and capacity > session.venue.capacity:
        text = _("The room holds %(people)s people. Choose another room first.")
        raise UnableToChange("room-too-small", text % {"people": session.venue.capacity}, field="capacity")
