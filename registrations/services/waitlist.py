from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from events.enums import SessionStatus
from events.models import Event, Session
from registrations.enums import Action, Attendance, CancelledBy, Source, Status
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.rules import BOOKABLE
from registrations.services import history, invites, room
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from registrations.querysets import CountedSession

ONE_TICK = timedelta(microseconds=1)


def settle(*, event: Event, now: datetime) -> None:
    """Gives every free seat to who waits for it, in queue order, until nothing changes.

    Every verb calls it under the lock before it decides, so that a newcomer gets a seat only if nobody waiting could take it;
    the scheduler calls it through `settle_event`. After the start or the closing nobody is promoted any more.
    """
    for session in _sessions_to_fill(event, now):
        _promote(next_in_line(session, seats=room.free_seats(session)), now)


def settle_event(*, event_id: int, now: datetime) -> None:
    with transaction.atomic(durable=True):
        lock_event(event_id)
        settle(event=Event.objects.get(pk=event_id), now=now)


def next_moment_in_queue(event: Event, now: datetime) -> datetime:
    """Strictly after everybody who waits for the event, even when the clock stands still (architecture.md, "Seats")."""
    newest = Registration.objects.filter(session__event=event).aggregate(newest=Max("waitlisted_at"))["newest"]
    return max(now, newest + ONE_TICK) if newest else now


def give_up_other_wishes(registrations: Sequence[Registration], now: datetime) -> None:
    """A seat ends the other wishes of its slot: nobody is promoted to a second seat (product W3)."""
    people = {registration.attendee_id: registration.slot for registration in registrations}
    wishes = Registration.objects.waiting().filter(attendee__in=people, slot__in=set(people.values()))
    given_up = [wish for wish in wishes.select_related("attendee") if wish.slot == people[wish.attendee_id]]
    if given_up:
        close(given_up, now)
        history.record(given_up, action=Action.SUPERSEDED, actor=None, now=now)


def close(registrations: Sequence[Registration], now: datetime, *, by: CancelledBy = CancelledBy.HOUSE) -> None:
    """Marks claims as cancelled, in one statement, on the rows and on the objects in hand. A tick at the door goes with the claim."""
    changes = {"status": Status.CANCELLED, "cancelled_at": now, "cancelled_by": by, "offer_expires_at": None}
    changes |= {"attendance": Attendance.UNKNOWN, "checked_in_at": None}
    for registration in registrations:
        for field, value in changes.items():
            setattr(registration, field, value)
    Registration.objects.filter(pk__in=[registration.pk for registration in registrations]).update(**changes)


def _sessions_to_fill(event: Event, now: datetime) -> list[CountedSession]:
    if event.status not in BOOKABLE:
        return []
    open_sessions = Session.objects.filter(event=event, status=SessionStatus.SCHEDULED, starts_at__gt=now)
    still_open = open_sessions.exclude(closes_at__lte=now).select_related("event", "venue")
    return list(annotate_seats(still_open).filter(waiting_count__gt=0, seats_left__gt=0).order_by("starts_at", "pk"))


def next_in_line(session: Session, *, seats: int) -> list[Registration]:
    """Those whose turn it is when this many seats are free."""
    waiting = Registration.objects.waiting().filter(session=session).in_queue_order().select_related("attendee")
    chosen = list(waiting[: max(seats, 0)])
    for registration in chosen:
        registration.session = session
    return chosen


def _promote(registrations: Sequence[Registration], now: datetime) -> None:
    if not registrations:
        return
    for registration in registrations:
        registration.status, registration.source, registration.confirmed_at = Status.CONFIRMED, Source.WAITLIST, now
    Registration.objects.filter(pk__in=[registration.pk for registration in registrations]).update(
        status=Status.CONFIRMED, source=Source.WAITLIST, confirmed_at=now
    )
    history.record(registrations, action=Action.PROMOTED, actor=None, now=now)
    give_up_other_wishes(registrations, now)
    invites.issue(registrations, kind="registration-promoted", now=now)
