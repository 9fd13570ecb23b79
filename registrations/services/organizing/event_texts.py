"""Edits of an event that affect people who have signed up: new texts, which some have in their calendar, and a new
clock of the waiting lists, on which the deadlines of offers depend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.enums import SessionStatus
from events.models import Event
from events.services import editing
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.rules import BOOKABLE
from registrations.services.calendar import invites, notifications
from registrations.services.lock import lock_event
from registrations.services.organizing import coordinators
from registrations.services.seats import promises

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from events.services.editing import EventFacts
    from project.accounts.models import User
    from registrations.querysets import RegistrationQuerySet

KIND = "texts-changed"


def reaches_people(*, event: Event, now: datetime) -> bool:
    """Returns whether anybody would be told of new texts. No calendar contains the texts of a discreet event
    (specs/privacy.md 3).
    """
    is_told = bool(event.pk) and event.status in BOOKABLE and not event.is_discreet
    return is_told and _seats_to_come(event, now).exists()


def edit_event(*, event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    """Edits an event. If that changes the clock of its waiting lists, open offers get new deadlines and their people
    are told (`promises`); nobody is told of new texts. Refuses as `editing.edit_event` and
    `coordinators.refuse_widening`.
    """
    with transaction.atomic(durable=True):
        lock_event(key=event_key)
        return _edit(event_key, facts, actor, now)


def edit_event_and_tell(*, event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    """As `edit_event`, but if the texts changed, everybody with a seat on a coming date gets the same calendar entry
    with the new texts, and is not asked to answer again (specs/calendar.md R31). Saving the same texts again sends no
    mails, so submitting a form twice sends them once.

    Refuses as `edit_event`.
    """
    with transaction.atomic(durable=True):
        said = _texts_of(lock_event(key=event_key))
        event = _edit(event_key, facts, actor, now)
        if _texts_of(event) != said and reaches_people(event=event, now=now):
            _tell_of_texts(event, now)
    return event


def _edit(event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    before, known = promises.clocks(now, event__key=event_key), Event.objects.get(key=event_key)
    coordinators.refuse_widening(known, facts, actor)
    named = coordinators.named_on(known)
    event = editing.rewrite_event(event_key=event_key, facts=facts, actor=actor, now=now)
    coordinators.note_change(event, named, actor, now)
    promises.keep_up(before, now=now)
    return event


def _tell_of_texts(event: Event, now: datetime) -> None:
    """People who are still to be told of another time, place or link get the new texts with that, because the worker
    reads the texts when it renders the mail. A mail that a worker has in hand may have the old texts, so it does not
    count.
    """
    seats = list(
        _seats_to_come(event, now).select_related("attendee", "session__event", "session__venue").order_by("pk")
    )
    changes = Message.objects.filter(
        kind__in=notifications.CHANGES, subject_id__in=[seat.key for seat in seats]
    ).untouched()
    waiting = changes.select_for_update(skip_locked=True).order_by("pk")
    told_anyway = {message.subject_id for message in waiting}
    invites.reword([seat for seat in seats if seat.key not in told_anyway], kind=KIND, now=now)


def _seats_to_come(event: Event, now: datetime) -> RegistrationQuerySet:
    return Registration.objects.filter(
        status=Status.CONFIRMED,
        session__event=event,
        session__status=SessionStatus.SCHEDULED,
        session__starts_at__gt=now,
    )


def _texts_of(event: Event) -> list[list[str]]:
    """Compares words, because browsers send other line ends than files have, and nobody needs to be told of that."""
    return [getattr(event, name).split() for name in editing.TEXT_FIELDS]
