from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from registrations.enums import Action
from registrations.models import Registration
from registrations.rules import moved_from
from registrations.services.attending import booking
from registrations.services.attending.booking import Asking
from registrations.services.lock import lock_registration
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import AdmittedSession, RegistrationQuerySet


def swap(*, registration_key: UUID, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Moves a seat to another date of the slot in one step; the old seat is kept until the new one is certain (product
    S3).

    If a seat is free there, the move happens at once, and the same calendar entry moves along. Otherwise it becomes a
    wish that replaces the seat when its turn comes; two people who want each other's seat are swapped at once. Returns
    the registration on the other date. Idempotent. Raises `UnableToRegister`: `another-slot`; `expired` if the seat is
    no longer held; `started` if its date has started; else as `sign_up`.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        session, seats = waitlist.settled_for(session_key=session_key, person=attendee, now=now)
        asking = Asking.about(session, attendee, seats, now)
        there = asking.claim_on(session)
        if there and there.holds_a_seat:
            return there
        _refuse_unless_held(registration_key, asking)
        registration = there or booking.ask_for([session], asking)[0]
        waitlist.fill(event=session.event, now=now)
        registration.refresh_from_db()
    return registration


def undo(*, registration_key: UUID, attendee: User, now: datetime) -> Registration:
    """Moves a seat back to the date it came from, while a seat is still free there; the calendar entry moves along
    (specs/calendar.md R28).

    It undoes a swap, or the acceptance of an offer that replaced a seat. Returns the new registration on the old date.
    Idempotent. Raises `UnableToRegister`: `expired` more than fifteen minutes after the move, if nothing was moved, or
    if the person has walked in there since; `seat-gone` if no seat is free on the old date any more; `started` if the
    new one has started; else as `sign_up`. A refusal changes nothing.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        moved = lock_registration(registration_key)
        old = moved_from(moved, _ended_in_slot(moved), now)
        if old is None:
            raise UnableToRegister("expired")
        there, seats = waitlist.settled_for(session_key=old.session.key, person=attendee, now=now)
        asking = Asking.about(there, attendee, seats, now)
        held = asking.held
        if held and held.session_id == there.pk:
            return held
        has_walked_in = any(claim.session_id == there.pk and claim.is_walk_in for claim in asking.mine)
        if held is None or held.pk != moved.pk or has_walked_in:
            raise UnableToRegister("expired")
        if asking.has_begun:
            raise UnableToRegister("started")
        asking.refuse_unless_admitted([there])
        if not seats[there].free_for(attendee):
            raise UnableToRegister("seat-gone")
        registration = _take_back(held, there, asking)
        waitlist.fill(event=there.event, now=now)
    return registration


def _refuse_unless_held(registration_key: UUID, asking: Asking) -> None:
    """The seat to be moved must be the one they hold in the slot, and its date must be still to come."""
    if any(claim.key == registration_key and asking.now >= claim.session.starts_at for claim in asking.mine):
        raise UnableToRegister("started")
    held = asking.held
    if held is None or held.key != registration_key:
        raise UnableToRegister("another-slot" if held or not asking.mine else "expired")


def _take_back(held: Registration, there: AdmittedSession, asking: Asking) -> Registration:
    """If the person has asked for the old date again since, that wish becomes the seat."""
    wish = asking.claim_on(there)
    if wish is None:
        others = [claim for claim in asking.mine if claim.pk != held.pk]
        return claims.move_seat(held, there, mine=others, event_seats=asking.seats, now=asking.now)
    wish.replaces = held
    claims.seat([wish], action=Action.SWAPPED_HERE, actor=held.attendee, now=asking.now)
    return wish


def _ended_in_slot(moved: Registration) -> RegistrationQuerySet:
    ended = Registration.objects.of(moved.attendee).in_slot(moved.slot).gave_way(since=moved.created_at)
    return ended.select_related("session").order_by("-pk")
