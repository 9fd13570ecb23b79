from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import transaction

from registrations.enums import Action, CancelledBy
from registrations.models import Registration
from registrations.rules import comes_once, why_not
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import claims, waitlist
from registrations.services.seats.availability import admit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.querysets import AdmittedSession


def accept_offer(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Accepts an offered seat. The seat it replaces is cancelled first, then this one is confirmed. Idempotent.

    Whether the session is for an invited colleague is checked only now. Raises `UnableToRegister`: `expired` if nothing
    is offered any more, `slot-taken` if the date of the seat it would replace has started, `not-introduced not-eligible
    prerequisite-missing not-published attended` for an invited colleague.
    """
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if registration.is_confirmed:
            return registration
        if not registration.is_offered:
            raise UnableToRegister("expired")
        confirm_offer(registration, actor=actor, now=now)
    return registration


def decline_offer(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Declines an offered seat. Only that date is taken off the list; other wishes go on. Idempotent, even after the
    offer has expired.

    A colleague who was invited and is not known otherwise is deleted (product S4). Raises `UnableToRegister("expired")`
    once the offer was accepted.
    """
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if registration.is_cancelled:
            return registration
        if not registration.is_offered:
            raise UnableToRegister("expired")
        claims.end([registration], now, by=CancelledBy.HOUSE)
        claims.record([registration], action=Action.DECLINED, actor=actor, now=now)
        if registration.is_from_colleague:
            waitlist.forget_strangers([registration])
        waitlist.fill(event=registration.session.event, now=now)
    return registration


def confirm_offer(registration: Registration, *, actor: User, now: datetime) -> None:
    """Turns an offer into a seat, under the lock and after `settle`."""
    refuse_unless_active(registration.attendee)
    if registration.is_from_colleague:
        _refuse_a_colleague_it_is_not_for(registration, now)
    if registration.replaces and now >= registration.replaces.session.starts_at:
        raise UnableToRegister("slot-taken")
    frees_a_seat = registration.replaces_id is not None or registration.session.held_seats > 0
    claims.seat([registration], action=Action.ACCEPTED, actor=actor, now=now)
    if frees_a_seat:  # the seat it replaces, or one held for a group that a colleague turns out to belong to
        waitlist.fill(event=registration.session.event, now=now)


def _refuse_a_colleague_it_is_not_for(registration: Registration, now: datetime) -> None:
    session = cast("AdmittedSession", registration.session)
    admit([session], registration.attendee, now)
    refusal = why_not(session, registration.attendee, now)
    if refusal:
        raise UnableToRegister(refusal)
    mine = Registration.objects.attended().of(registration.attendee).in_slot(registration.slot)
    if comes_once(session.event) and mine.exists():
        raise UnableToRegister("attended")
