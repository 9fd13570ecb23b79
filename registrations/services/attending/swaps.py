from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from registrations.enums import Action
from registrations.models import Registration
from registrations.rules import moved_from
from registrations.services.attending import wishes
from registrations.services.lock import lock_registration
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import AdmittedSession, RegistrationQuerySet
    from registrations.services.seats.availability import EventSeats


def swap(*, registration_key: UUID, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Moves a seat to another date of the slot in one step; the old seat is kept until the new one is certain (product S3).

    With a seat free there it is done at once, and the same calendar entry moves along. Otherwise it is a wish that replaces the seat when
    its turn comes; two people who want each other's seat are exchanged at once. Returns the registration on the other date. Repeating it
    changes nothing. Raises `UnableToRegister`: `another-slot`, `expired` when the seat is no longer held, `started` when its date has
    begun, else as `sign_up`.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        session, event_seats = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        mine = claims.mine_in_slot(session, attendee, event_seats)
        there = next((claim for claim in mine if claim.session_id == session.pk), None)
        held = wishes.seat_among(mine)
        if there and there.holds_a_seat:
            return there
        if any(claim.key == registration_key and now >= claim.session.starts_at for claim in mine):
            raise UnableToRegister("started")
        if held is None or held.key != registration_key:
            raise UnableToRegister("another-slot" if held or not mine else "expired")
        registration = there or wishes.ask_for([session], attendee, mine, event_seats, now)[0]
        waitlist.fill(event=session.event, now=now)
        registration.refresh_from_db()
    return registration


def undo(*, registration_key: UUID, attendee: User, now: datetime) -> Registration:
    """Moves a seat back to the date it came from, while a seat is still free there; the calendar entry moves along (specs/calendar.md R28).

    It undoes a swap, and the yes to an offer that replaced a seat. Returns the new registration on the old date; repeating it changes nothing.
    Raises `UnableToRegister`: `expired` more than fifteen minutes after the move, where nothing was moved, or to whoever has walked in there since, `seat-gone` when no seat is free
    on the old date any more, `started` when the new one has begun, else as `sign_up`; then nothing has changed.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        moved = lock_registration(registration_key)
        old = moved_from(moved, _ended_in_slot(moved), now)
        if old is None:
            raise UnableToRegister("expired")
        there, event_seats = waitlist.settled_for(session_key=old.session.key, person=attendee, now=now)
        mine = claims.mine_in_slot(there, attendee, event_seats)
        held = wishes.seat_among(mine)
        if held and held.session_id == there.pk:
            return held
        has_walked_in = any(claim.session_id == there.pk and claim.is_walk_in for claim in mine)
        if held is None or held.pk != moved.pk or has_walked_in:
            raise UnableToRegister("expired")
        if now >= held.session.starts_at:
            raise UnableToRegister("started")
        claims.refuse_unless_admitted(there, attendee, now)
        if not event_seats[there].free_for(attendee):
            raise UnableToRegister("seat-gone")
        others = [claim for claim in mine if claim.pk != held.pk]
        registration = _take_back(held, there, others, event_seats, now)
        waitlist.fill(event=there.event, now=now)
    return registration


def _take_back(
    held: Registration, there: AdmittedSession, others: list[Registration], event_seats: EventSeats, now: datetime
) -> Registration:
    """A wish for the old date, made since, becomes the seat."""
    wish = next((claim for claim in others if claim.session_id == there.pk), None)
    if wish is None:
        return claims.move_seat(held, there, mine=others, event_seats=event_seats, now=now)
    wish.replaces = held
    claims.seat([wish], action=Action.SWAPPED_HERE, actor=held.attendee, now=now)
    return wish


def _ended_in_slot(moved: Registration) -> RegistrationQuerySet:
    ended = Registration.objects.of(moved.attendee).in_slot(moved.slot).gave_way(since=moved.created_at)
    return ended.select_related("session").order_by("-pk")
