"""What an organiser changes in the queue by hand, always with a reason that the person can read (product Q5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from events.services.refusals import UnableToChange
from registrations.enums import Action
from registrations.models import Registration
from registrations.services import reasons
from registrations.services.organizing.capacity import refuse_unless_changeable, refuse_unless_in_use
from registrations.services.seats import claims, waitlist
from registrations.services.seats.availability import read_event_seats

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.services.seats.availability import EventSeats

FIRST, LAST = -100, 100


def seat(*, registration_key: UUID, actor: User, reason: str, now: datetime) -> Registration:
    """Gives a seat out of order to somebody who waits, made a request or has an offer; this may be a seat held for a
    group. Idempotent.

    A seat it replaces is given up, and an offer on another date of the slot ends. Raises `UnableToChange`:
    `reason-missing`, `reason-too-long`, `unreadable`, `cancelled`, `started`, `full`, `not-waiting` (they left
    meanwhile), `slot-taken`, `invited` (by a colleague, and they have not answered yet), `inactive`.
    """
    reason = reasons.required(reason)
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if registration.is_confirmed:
            return registration
        refuse_unless_changeable(registration.session, now)
        if registration.is_cancelled:
            raise UnableToChange("not-waiting", _("This person does not wait for this date any more."))
        if registration.is_offered and registration.is_from_colleague:
            raise UnableToChange("invited", _("A colleague invited this person; they say yes or no themselves."))
        refuse_unless_in_use(registration.attendee)
        if not registration.is_offered:
            event_seats = read_event_seats(registration.session.event, now=now)
            _refuse_if_full(registration, event_seats)
            _make_way(registration, event_seats, now)
        claims.seat([registration], action=Action.SEATED, actor=actor, now=now, reason=reason)
        waitlist.fill(event=registration.session.event, now=now)
    return registration


def prioritize(*, registration_key: UUID, priority: int, actor: User, reason: str, now: datetime) -> Registration:
    """Changes a person's place in the queue, for all dates of the slot that they wait for; the moment of joining stays.

    Lower comes first, and 0 is the normal priority. Idempotent. Raises `UnableToChange`: `reason-missing`,
    `reason-too-long`, `unreadable`, `priority` (not between -100 and 100), `not-waiting`.
    """
    reason = reasons.required(reason)
    if not FIRST <= priority <= LAST:
        text = _("Enter a number between %(first)d and %(last)d.")
        raise UnableToChange("priority", text % {"first": FIRST, "last": LAST}, field="priority")
    with transaction.atomic(durable=True):
        registration = waitlist.settled(registration_key=registration_key, now=now)
        if not registration.is_waiting:
            raise UnableToChange("not-waiting", _("This person does not wait for this date any more."))
        mine = Registration.objects.waiting().of(registration.attendee).in_slot(registration.slot)
        moved = list(mine.exclude(priority=priority).order_by("pk"))
        Registration.objects.filter(pk__in=[wish.pk for wish in moved]).update(priority=priority)
        claims.record(moved, action=Action.PRIORITIZED, actor=actor, now=now, reason=reason)
        waitlist.fill(event=registration.session.event, now=now)
        registration.refresh_from_db(fields=[*waitlist.AS_SETTLED, "priority"])
    return registration


def _refuse_if_full(registration: Registration, event_seats: EventSeats) -> None:
    """Seats held for a group count as free here: the organiser who held them may give them away."""
    if not event_seats[registration.session].free(is_member=True):
        raise UnableToChange("full", _("Every seat is taken. Change the number of seats first."))


def _make_way(registration: Registration, event_seats: EventSeats, now: datetime) -> None:
    """A person has one seat per slot: an offer elsewhere ends; a seat elsewhere stays, and is a reason to refuse unless
    the person wants to swap it for this one.
    """
    mine = Registration.objects.filling_the_slot().of(registration.attendee).in_slot(registration.slot)
    others = [claim for claim in mine if claim.pk not in {registration.pk, registration.replaces_id}]
    if any(claim.is_confirmed for claim in others):
        raise UnableToChange("slot-taken", _("This person has a seat on another date already."))
    claims.supersede(others, now)
