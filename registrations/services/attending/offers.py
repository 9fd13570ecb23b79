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
    """Yes to an offered seat; what it replaces is cancelled first, then this one confirmed. Idempotent.

    A colleague who was invited is only now asked whether the session is for them. Raises `UnableToRegister`: `expired`
    when nothing is offered any more, `slot-taken` when the date it would replace has begun, `not-introduced
    not-eligible prerequisite-missing not-published attended` for an invited colleague.
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
    """No to an offered seat: only that date is taken off the list, and the other wishes go on. Idempotent, even after
    it ran out.

    A colleague who was invited and is not known otherwise is forgotten (product S4). Raises
    `UnableToRegister("expired")` once accepted.
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
    if frees_a_seat:  # the one it replaces; or one that was held for a group, to which a colleague turns out to belong
        waitlist.fill(event=registration.session.event, now=now)


def _refuse_a_colleague_it_is_not_for(registration: Registration, now: datetime) -> None:
    if not registration.attendee.is_introduced:
        raise UnableToRegister("not-introduced")
    session = cast("AdmittedSession", registration.session)
    admit([session], registration.attendee, now)
    refusal = why_not(session, registration.attendee, now)
    if refusal:
        raise UnableToRegister(refusal)
    mine = Registration.objects.attended().of(registration.attendee).in_slot(registration.slot)
    if comes_once(session.event) and mine.exists():
        raise UnableToRegister("attended")
