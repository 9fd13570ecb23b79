from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from registrations.enums import Action, CancelledBy, Status
from registrations.models import Registration
from registrations.rules import Window, is_late, may_undo_cancellation
from registrations.services.attending import offers, wishes
from registrations.services.calendar import invites
from registrations.services.lock import lock_registration
from registrations.services.refusals import UnableToRegister, refuse_unless_active, refuse_unless_introduced
from registrations.services.seats import claims, history, waitlist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import AdmittedSession
    from registrations.services.seats.availability import EventSeats


def sign_up(*, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Takes a seat, or a place at the end of the waiting list; repeating it returns the existing registration.

    It accepts an open offer; close to the start, when seats go to whoever takes them, it also seats somebody who waits
    (product Q4). Where an
    organiser approves, it asks for a seat (W6). Raises `UnableToRegister` with `not-introduced not-published cancelled started not-open-yet
    closed not-eligible prerequisite-missing slot-taken attended full-no-waitlist`.
    """
    refuse_unless_introduced(attendee)
    with transaction.atomic(durable=True):
        session, event_seats = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        return claim(session, attendee, event_seats, now)


def cancel(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Gives the seat or the place back; the next person is promoted in the same transaction. Cancelling twice changes nothing.

    After the deadline the seat is freed all the same and the cancellation flagged late (product S7). Who waits for another date in exchange
    goes on waiting there. Raises `UnableToRegister("started")`.
    """
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        session = registration.session
        if registration.is_cancelled:
            return registration
        if now >= session.starts_at:
            raise UnableToRegister("started")
        give_back(registration, actor, now)
        waitlist.fill(event=session.event, now=now)
    return registration


def restore(*, registration_key: UUID, attendee: User, now: datetime) -> Registration:
    """Undo of a cancellation: a seat if one is free and nobody waits, otherwise the end of the list.

    A new registration with a new calendar UID, as clients may ignore a UID they saw cancelled (specs/calendar.md R29).
    Raises `UnableToRegister`: `expired` more than fifteen minutes after the cancellation, else as `sign_up`.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        cancelled = lock_registration(registration_key)
        session, event_seats = waitlist.settled_for(session_key=cancelled.session.key, person=attendee, now=now)
        current = Registration.objects.active().of(attendee).filter(session=session).first()
        if current:
            return current
        if not may_undo_cancellation(cancelled, now):
            raise UnableToRegister("expired")
        return claim(session, attendee, event_seats, now)


def claim(session: AdmittedSession, attendee: User, event_seats: EventSeats, now: datetime) -> Registration:
    """What a person gets who asks for one date, under the lock and after `settle`."""
    mine = claims.mine_in_slot(session, attendee, event_seats)
    existing = next((registration for registration in mine if registration.session_id == session.pk), None)
    if existing:
        existing.session, existing.attendee = session, attendee
        return _claim_again(existing, mine, event_seats, now)
    if any(registration.holds_a_seat and registration.fills_slot for registration in mine):
        claims.refuse_unless_admitted(session, attendee, now)
        raise UnableToRegister("slot-taken")
    return wishes.ask_for([session], attendee, mine, event_seats, now)[0]


def _claim_again(
    existing: Registration, mine: Sequence[Registration], event_seats: EventSeats, now: datetime
) -> Registration:
    if existing.is_offered:
        offers.take(existing, actor=existing.attendee, now=now)
    elif existing.is_waiting and _is_open_to(existing, mine, event_seats, now):
        claims.seat([existing], action=Action.CONFIRMED, actor=existing.attendee, now=now)
        waitlist.fill(event=existing.session.event, now=now)
    return existing


def _is_open_to(waiting: Registration, mine: Sequence[Registration], event_seats: EventSeats, now: datetime) -> bool:
    seats = event_seats[waiting.session]
    rests = any(registration.is_offered for registration in mine)
    has_come = waiting.replaces is not None and now >= waiting.replaces.session.starts_at
    if rests or has_come or event_seats.window(seats, now) != Window.OPEN:
        return False
    return bool(wishes.free_of([seats.session], waiting.attendee, mine, event_seats, now))


def give_back(registration: Registration, actor: User, now: datetime) -> None:
    """Who leaves the waiting list needs no mail: the page says it, and no calendar holds it (specs/calendar.md 3.2)."""
    was_confirmed = registration.is_confirmed
    action = {Status.CONFIRMED: Action.CANCELLED, Status.OFFERED: Action.DECLINED}.get(
        Status(registration.status), Action.LEFT
    )
    registration.is_late_cancellation = was_confirmed and is_late(registration.session, now)
    registration.save(update_fields=["is_late_cancellation"])
    claims.end([registration], now, by=CancelledBy.PERSON)
    claims.let_wishes_stand_alone([registration])
    history.record([registration], action=action, actor=actor, now=now)
    if was_confirmed:
        invites.withdraw([registration], kind="registration-cancelled", now=now)
