"""Signing up for a date, giving it back, and undoing that. `ask_for` holds the whole rule of what a person gets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from registrations.enums import Action, CancelledBy, Status
from registrations.models import Registration
from registrations.rules import Window, attended, comes_once, is_late, may_undo_cancellation, why_not
from registrations.services.attending import offers
from registrations.services.calendar import invites
from registrations.services.lock import lock_registration
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import claims, slots, waitlist

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from events.models import Session
    from project.accounts.models import User
    from registrations.querysets import AdmittedSession
    from registrations.services.seats.availability import EventSeats


@dataclass(frozen=True)
class Asking:
    """A person who asks for dates of an event, with everything the answer depends on. Under the lock and after
    `settle`.

    `mine`: their claims, each with its session: in one slot, or in all slots of the event until `in_slot` narrows it
    down.
    """

    attendee: User
    mine: Sequence[Registration]
    seats: EventSeats
    now: datetime

    @classmethod
    def about(cls, session: Session, attendee: User, seats: EventSeats, now: datetime) -> Asking:
        """Returns an `Asking` with the claims that the person has in the slot of one session."""
        return cls(attendee, seats.claims_of(attendee, slot=session.slot), seats, now)

    def in_slot(self, slot: UUID) -> Asking:
        return replace(self, mine=[claim for claim in self.mine if claim.slot == slot])

    def claim_on(self, session: Session) -> Registration | None:
        return next((claim for claim in self.mine if claim.session_id == session.pk), None)

    @property
    def held(self) -> Registration | None:
        """Returns their seat on a date that is still to come or under way."""
        return next(
            (claim for claim in self.mine if claim.is_confirmed and claim.holds_a_seat and claim.fills_slot), None
        )

    @property
    def has_begun(self) -> bool:
        """Returns whether the date of their seat has started. They may be there, so that seat cannot be exchanged any
        more.
        """
        held = self.held
        return held is not None and self.now >= held.session.starts_at

    @property
    def has_offer(self) -> bool:
        """Returns whether they have an open offer; until they answer it, their other wishes rest (product Q3)."""
        return any(claim.is_offered for claim in self.mine)

    @property
    def may_not_come_again(self) -> bool:
        return comes_once(self.seats.event) and attended(self.mine) is not None

    def free_among(self, sessions: Iterable[AdmittedSession]) -> list[AdmittedSession]:
        """Returns the sessions with a seat that this person can take now.

        People who have attended another date let those who have not go first, if any of them are waiting.
        """
        free = [session for session in sessions if self.seats[session].free_for(self.attendee)]
        if not free or attended(self.mine) is None:
            return free
        # While the waiting list gives out seats, a free one is meant for nobody else. Only an open one can be.
        is_open = {session.pk for session in free if self.seats.window(self.seats[session], self.now) == Window.OPEN}
        first = slots.somebody_goes_first(is_open)
        return [session for session in free if session.pk not in first]

    def refuse_unless_admitted(self, sessions: Iterable[AdmittedSession]) -> None:
        for session in sessions:
            refusal = why_not(session, self.attendee, self.now)
            if refusal:
                raise UnableToRegister(refusal)

    def moment_in_queue(self) -> datetime:
        """Returns the moment of joining that the person has in the slot, or a new one: all places of one person in a
        slot share it, so changing the dates never loses it (product Q2).
        """
        joined = (claim.waitlisted_at for claim in self.mine if claim.is_waiting or claim.is_requested)
        return next((moment for moment in joined if moment), None) or self.seats.next_moment_in_queue(self.now)


def sign_up(*, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Takes a seat, or a place at the end of the waiting list. Idempotent: repeating it returns the existing
    registration.

    An open offer is accepted. Close to the start, when free seats go to whoever takes them first, a person who waits
    gets a seat too (product Q4). Where organisers approve, it makes a request for a seat (product W6). Raises
    `UnableToRegister` with `not-published cancelled started not-open-yet closed not-introduced not-eligible
    prerequisite-missing slot-taken attended full-no-waitlist`; `not-introduced` if the seat depends on a group that the
    person has not told us.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        session, seats = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        return _take_or_ask(session, Asking.about(session, attendee, seats, now))


def cancel(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Gives back a seat or a place in the queue; the next person is promoted in the same transaction. Idempotent.

    After the deadline the seat is freed all the same, and the cancellation is flagged as late (product S7). A person
    who waits to swap the seat for another date keeps waiting there. Raises `UnableToRegister("started")`.
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
    """Undoes a cancellation: takes a seat if one is free and nobody waits, otherwise a place at the end of the waiting
    list.

    It creates a new registration with a new calendar UID, because clients may ignore a UID they saw cancelled
    (specs/calendar.md R29). Raises `UnableToRegister`: `expired` more than fifteen minutes after the cancellation, else
    as `sign_up`.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        cancelled = lock_registration(registration_key)
        session, seats = waitlist.settled_for(session_key=cancelled.session.key, person=attendee, now=now)
        current = Registration.objects.active().of(attendee).filter(session=session).first()
        if current:
            return current
        if not may_undo_cancellation(cancelled, now):
            raise UnableToRegister("expired")
        return _take_or_ask(session, Asking.about(session, attendee, seats, now))


def ask_for(sessions: Sequence[AdmittedSession], asking: Asking) -> list[Registration]:
    """Asks for dates of one slot on which the person has no claim yet. Returns the new claims; refuses before it writes
    anything.

    Where organisers approve, the person gets a request; else the earliest free seat, in exchange for the one they hold,
    if any; else places on the waiting lists, while they keep the seat they hold. Raises `UnableToRegister` as
    `sign_up`.
    """
    attendee, held, now = asking.attendee, asking.held, asking.now
    if any(session.is_unlisted and not session.has_access for session in sessions):
        raise UnableToRegister("not-published")  # checked first: another refusal would reveal that it exists
    if asking.has_begun:
        raise UnableToRegister("slot-taken")
    if held is None and asking.may_not_come_again:
        raise UnableToRegister("attended")
    free = asking.free_among(sessions)
    refuse_to_ask(sessions, asking, is_seat_free=bool(free))
    if held is None and asking.seats.event.needs_approval:
        moment = asking.moment_in_queue()
        return [claims.request(session, attendee, moment=moment, now=now) for session in sessions]
    if held and free:
        return [claims.move_seat(held, free[0], mine=asking.mine, event_seats=asking.seats, now=now)]
    if free and not asking.has_offer:
        return [claims.take_seat(free[0], attendee, mine=asking.mine, event_seats=asking.seats, now=now)]
    waits = [claim for claim in asking.mine if claim.is_waiting]
    return claims.enlist(sessions, attendee, held=held, waits=waits, moment=asking.moment_in_queue(), now=now)


def refuse_to_ask(sessions: Sequence[AdmittedSession], asking: Asking, *, is_seat_free: bool) -> None:
    """Refuses dates that are not for this person, and full ones that keep no waiting list."""
    asking.refuse_unless_admitted(sessions)
    if not is_seat_free and any(not session.has_waiting_list for session in sessions):
        raise UnableToRegister("full-no-waitlist")


def _take_or_ask(session: AdmittedSession, asking: Asking) -> Registration:
    """Handles one click for one date: a claim on it that exists is used, and a seat on another date of the slot is not
    moved.
    """
    existing = asking.claim_on(session)
    if existing:
        return _use_claim(existing, asking)
    if any(claim.holds_a_seat and claim.fills_slot for claim in asking.mine):
        asking.refuse_unless_admitted([session])
        raise UnableToRegister("slot-taken")
    return ask_for([session], asking)[0]


def _use_claim(existing: Registration, asking: Asking) -> Registration:
    """Accepts an offer, or takes a seat that is open to all for a person who waits; otherwise nothing changes."""
    attendee, now = asking.attendee, asking.now
    if existing.is_offered:
        offers.confirm_offer(existing, actor=attendee, now=now)
    elif existing.is_waiting and _is_open_to(existing, asking):
        claims.seat([existing], action=Action.CONFIRMED, actor=attendee, now=now)
        waitlist.fill(event=asking.seats.event, now=now)
    return existing


def _is_open_to(waiting: Registration, asking: Asking) -> bool:
    session_seats = asking.seats[waiting.session]
    has_come = waiting.replaces is not None and asking.now >= waiting.replaces.session.starts_at
    if asking.has_offer or has_come or asking.seats.window(session_seats, asking.now) != Window.OPEN:
        return False
    return bool(asking.free_among([session_seats.session]))


def give_back(registration: Registration, actor: User, now: datetime) -> None:
    """Ends a claim for its holder. Under the lock.

    Leaving the waiting list sends no mail: the page says so, and it is in no calendar (specs/calendar.md 3.2).
    """
    was_confirmed = registration.is_confirmed
    action = {Status.CONFIRMED: Action.CANCELLED, Status.OFFERED: Action.DECLINED}.get(
        Status(registration.status), Action.LEFT
    )
    registration.is_late_cancellation = was_confirmed and is_late(registration.session, now)
    registration.save(update_fields=["is_late_cancellation"])
    claims.end([registration], now, by=CancelledBy.PERSON)
    claims.let_wishes_stand_alone([registration])
    claims.record([registration], action=action, actor=actor, now=now)
    if was_confirmed:
        invites.withdraw([registration], kind="registration-cancelled", now=now)
