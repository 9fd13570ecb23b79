"""People who asked to be told when dates are announced (product C11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from events.enums import EventStatus, SessionStatus
from events.models import Event, Session
from project.outbox.services.messages import draft, enqueue
from registrations.models import Interest
from registrations.rules import BOOKABLE
from registrations.services.calendar.notifications import bundle_of
from registrations.services.lock import lock_event
from registrations.services.refusals import UnableToRegister, refuse_unless_active

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from events.querysets import EventQuerySet, SessionQuerySet
    from project.accounts.models import User
    from project.outbox.models import Message


def register_interest(*, event_key: UUID, person: User, now: datetime) -> Interest | None:
    """Records that a person wants to be told of dates. Idempotent. Does nothing and returns None if there are dates
    already: these are on the page.

    Raises `UnableToRegister`: `cancelled`, `not-published`; `Event.DoesNotExist`.
    """
    refuse_unless_active(person)
    with transaction.atomic(durable=True):
        event = Event.objects.get(key=event_key)
        if event.status not in BOOKABLE:
            raise UnableToRegister("cancelled" if event.status == EventStatus.CANCELLED else "not-published")
        if _announced(now).filter(event=event).exists():
            return None
        return Interest.objects.get_or_create(event=event, person=person, defaults={"created_at": now})[0]


def take_back(*, event_key: UUID, person: User) -> None:
    """Forgets that a person wants to be told of dates. Idempotent."""
    Interest.objects.filter(event__key=event_key, person=person).delete()


def is_interested(*, event: Event, person: User | None) -> bool:
    return person is not None and Interest.objects.filter(event=event, person=person).exists()


def interesting_to(*, events: Iterable[Event], person: User | None) -> set[int]:
    """Returns those of these events that the person asked to be told of."""
    if person is None:
        return set()
    return set(Interest.objects.filter(event__in=list(events), person=person).values_list("event", flat=True))


def without_dates(now: datetime) -> EventQuerySet:
    """Returns the listed events of which somebody may ask to be told, the newest first. Not the discreet ones: nobody
    should find them by what they are about.
    """
    dated = _announced(now).values("event")
    return Event.objects.published().filter(is_discreet=False).exclude(pk__in=dated).order_by("-changed_at", "-pk")


def announce(*, event_id: int, now: datetime) -> None:
    """Tells everybody who asked that there are dates, once: their interest ends in the transaction that writes the
    mail.

    A date counts if it is listed and can be booked now or later. As long as there is none, and for a draft, nothing
    happens.
    """
    with transaction.atomic(durable=True):
        event = lock_event(pk=event_id)
        if event.status not in BOOKABLE or not _announced(now).filter(event=event).exists():
            return
        interested = list(
            Interest.objects.filter(event=event, person__is_active=True).select_related("person").order_by("pk")
        )
        enqueue([_mail(event, one.person, now) for one in interested])
        Interest.objects.filter(pk__in=[one.pk for one in interested]).delete()


def _mail(event: Event, person: User, now: datetime) -> Message:
    message = draft(kind="dates-announced", recipient=person, subject_id=event.key, facts={}, now=now)
    message.address, message.bundle = person.mail_address(is_discreet=event.is_discreet), bundle_of(event)
    return message


def events_to_announce(now: datetime) -> set[int]:
    """Returns the events for which somebody still has to be told that there are dates."""
    announced = _announced(now).filter(event__interests__person__is_active=True, event__status__in=BOOKABLE)
    return set(announced.values_list("event", flat=True).order_by())


def _announced(now: datetime) -> SessionQuerySet:
    """Returns the dates that can be booked, now or once sign-up opens."""
    coming = Session.objects.filter(status=SessionStatus.SCHEDULED, is_unlisted=False, starts_at__gt=now)
    return coming.filter(Q(closes_at__isnull=True) | Q(closes_at__gt=now))
