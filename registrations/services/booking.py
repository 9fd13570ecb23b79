from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registrations.enums import Action, CancelledBy, Source, Status
from registrations.models import Registration
from registrations.rules import is_late, may_undo_cancellation, why_not
from registrations.services import history, invites, news, room, waitlist
from registrations.services.lock import lock_registration, lock_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from events.models import Session
    from project.accounts.models import User

REFUSALS: dict[str, _StrPromise] = {
    "not-published": _("This session is not open to sign up for."),
    "cancelled": _("This session was cancelled."),
    "started": _("This session has started; signing up is over."),
    "not-open-yet": _("Signing up has not opened yet."),
    "closed": _("Signing up is closed."),
    "not-introduced": _("Tell us your name and who you are first; we ask it once."),
    "not-eligible": _("This session is for another group. Another date or event may be for you."),
    "slot-taken": _("You already have a seat on another date. Give that one back first if you would rather come here."),
    "full-no-waitlist": _("This session is full and keeps no waiting list."),
    "expired": _("The fifteen minutes to take this back are over. You can sign up again."),
}


class UnableToRegister(Exception):
    """A refusal of a claim. `code` is stable (contract.md, "Refusals"); the text may be shown."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        return str(REFUSALS[self.code])


def sign_up(*, session_key: UUID, attendee: User, now: datetime) -> Registration:
    """Takes a seat, or a place at the end of the waiting list; repeating it answers with the registration that exists.

    Raises `UnableToRegister` with `not-introduced not-published cancelled started not-open-yet closed not-eligible slot-taken
    full-no-waitlist`.
    """
    if not attendee.is_introduced:
        raise UnableToRegister("not-introduced")
    with transaction.atomic(durable=True):
        session = lock_session(session_key)
        waitlist.settle(event=session.event, now=now)
        return _claim(session, attendee, now)


def cancel(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Gives the seat or the place back; who waits is promoted in the same transaction. Cancelling twice changes nothing.

    After the deadline the seat is freed all the same and the cancellation flagged late (product S7). Raises `UnableToRegister("started")`.
    """
    with transaction.atomic(durable=True):
        registration = lock_registration(registration_key)
        session = registration.session
        if registration.is_cancelled:
            return registration
        if now >= session.starts_at:
            raise UnableToRegister("started")
        _give_back(registration, actor, now)
        waitlist.settle(event=session.event, now=now)
    return registration


def restore(*, registration_key: UUID, attendee: User, now: datetime) -> Registration:
    """Undo of a cancellation: a seat if one is free and nobody waits, otherwise the end of the list.

    A new registration with a new calendar UID, as clients may ignore a UID they saw cancelled (specs/calendar.md R29).
    Raises `UnableToRegister`: `expired` more than fifteen minutes after the cancellation, else as `sign_up`.
    """
    with transaction.atomic(durable=True):
        cancelled = lock_registration(registration_key)
        waitlist.settle(event=cancelled.session.event, now=now)
        current = Registration.objects.active().of(attendee).filter(session=cancelled.session).first()
        if current:
            return current
        if not may_undo_cancellation(cancelled, now):
            raise UnableToRegister("expired")
        return _claim(cancelled.session, attendee, now)


def _claim(session: Session, attendee: User, now: datetime) -> Registration:
    mine = list(Registration.objects.active().of(attendee).in_slot(session.slot))
    existing = next((registration for registration in mine if registration.session_id == session.pk), None)
    if existing:
        return existing
    refusal = why_not(session, attendee, now)
    if refusal:
        raise UnableToRegister(refusal)
    if any(registration.holds_a_seat for registration in mine):
        raise UnableToRegister("slot-taken")
    if room.free_seats(session):
        return _seat(session, attendee, mine, now)
    if not session.has_waiting_list:
        raise UnableToRegister("full-no-waitlist")
    return _enlist(session, attendee, now)


def _seat(session: Session, attendee: User, other_wishes: Sequence[Registration], now: datetime) -> Registration:
    registration = Registration.objects.create(
        session=session,
        attendee=attendee,
        slot=session.slot,
        status=Status.CONFIRMED,
        source=Source.SELF,
        created_at=now,
        confirmed_at=now,
    )
    history.record([registration], action=Action.CONFIRMED, actor=attendee, now=now)
    if other_wishes:
        waitlist.give_up_other_wishes([registration], now)
    invites.issue([registration], kind="registration-confirmed", now=now)
    return registration


def _enlist(session: Session, attendee: User, now: datetime) -> Registration:
    registration = Registration.objects.create(
        session=session,
        attendee=attendee,
        slot=session.slot,
        status=Status.WAITLISTED,
        source=Source.SELF,
        created_at=now,
        waitlisted_at=waitlist.next_moment_in_queue(session.event, now),
    )
    history.record([registration], action=Action.WAITLISTED, actor=attendee, now=now)
    news.tell([(registration, None)], kind="registration-waitlisted", now=now)
    return registration


def _give_back(registration: Registration, actor: User, now: datetime) -> None:
    """Who leaves the waiting list needs no mail: the page says it, and no calendar holds it (specs/calendar.md 3.2)."""
    was_waiting = registration.is_waiting
    registration.is_late_cancellation = not was_waiting and is_late(registration.session, now)
    registration.save(update_fields=["is_late_cancellation"])
    waitlist.close([registration], now, by=CancelledBy.PERSON)
    action = Action.LEFT if was_waiting else Action.CANCELLED
    history.record([registration], action=action, actor=actor, now=now)
    if not was_waiting:
        invites.withdraw([registration], kind="registration-cancelled", now=now)
