"""Requests for a seat, where an organiser decides (product W6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from events.services.refusals import UnableToChange
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.rules import Window
from registrations.services import reasons
from registrations.services.calendar import notifications
from registrations.services.organizing.capacity import refuse_unless_changeable, refuse_unless_in_use
from registrations.services.seats import claims, waitlist
from registrations.services.seats.availability import read_event_seats

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.services.seats.availability import EventSeats


def approve(*, registration_key: UUID, actor: User, now: datetime) -> Registration:
    """Approves a request: gives a seat if one is free and nobody waits ahead, otherwise a place in the queue as of the
    moment of the request.

    Idempotent. Raises `UnableToChange`: `cancelled`, `started`, `not-asked` (withdrawn or turned down meanwhile),
    `full` if the date keeps no waiting list, `inactive`.
    """
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if not registration.is_requested:
            return _answered(registration)
        refuse_unless_changeable(registration.session, now)
        refuse_unless_in_use(registration.attendee)
        if _is_next(registration, read_event_seats(registration.session.event, now=now), now):
            claims.seat([registration], action=Action.APPROVED, actor=actor, now=now)
        else:
            _enlist(registration, actor, now)
    return registration


def turn_down(*, registration_key: UUID, actor: User, reason: str, now: datetime) -> Registration:
    """Turns down a request. If the organiser gives a reason, the mail repeats it, except for discreet events.
    Idempotent.

    Raises `UnableToChange`: `started`, `approved` (this does not take away a seat or a place), `unreadable`,
    `reason-too-long`.
    """
    reason = reasons.legible(reason)
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if registration.is_cancelled:
            return registration
        refuse_unless_changeable(registration.session, now)
        if not registration.is_requested:
            raise UnableToChange("approved", _("This request was approved already."))
        claims.end([registration], now)
        claims.record([registration], action=Action.REFUSED, actor=actor, now=now, reason=reason)
        is_told = (
            reason and not registration.session.event.is_discreet
        )  # a discreet mail has no reason: that could name the subject
        told = {registration.pk: {"reason": reason}} if is_told else {}
        notifications.tell([(registration, None)], kind="request-declined", facts_of=told, now=now)
    return registration


def _answered(registration: Registration) -> Registration:
    if registration.is_cancelled:
        raise UnableToChange("not-asked", _("This request is not open any more."))
    return registration


def _is_next(registration: Registration, event_seats: EventSeats, now: datetime) -> bool:
    """While the waiting list gives out seats, anybody ahead who could use this one would have it already. Later, people
    may be waiting although it is free.
    """
    seats = event_seats[registration.session]
    if not seats.free_for(registration.attendee) or _holds_another_seat(registration):
        return False
    gives_out = event_seats.window(seats, now) in {Window.SEATED, Window.OFFERED}
    return gives_out or not _somebody_is_ahead(registration)


def _holds_another_seat(registration: Registration) -> bool:
    mine = Registration.objects.filling_the_slot().of(registration.attendee).in_slot(registration.slot)
    return mine.exclude(pk=registration.pk).exists()


def _somebody_is_ahead(registration: Registration) -> bool:
    """People who have not attended another date are ahead of people who have."""
    waiting = Registration.objects.queuing().filter(session=registration.session).not_paused()
    same_priority = waiting.filter(priority=registration.priority)
    earlier = same_priority.filter(waitlisted_at__lt=registration.waitlisted_at)
    has_been = Registration.objects.filter(pk=registration.pk).been().exists()
    ahead = same_priority.not_been() | earlier if has_been else earlier.not_been()
    return waiting.filter(priority__lt=registration.priority).exists() or ahead.exists()


def _enlist(registration: Registration, actor: User, now: datetime) -> None:
    """Keeps the moment of the request, so that a slow answer costs nobody their turn."""
    session = registration.session
    if not session.has_waiting_list:
        raise UnableToChange("full", _("Every seat is taken, and this date keeps no waiting list."))
    registration.status = Status.WAITLISTED
    registration.save(update_fields=["status"])
    claims.record([registration], action=Action.APPROVED, actor=actor, now=now)
    notifications.tell([(registration, None)], kind="registration-waitlisted", now=now)
    waitlist.fill(event=session.event, now=now)
