"""An event that says something else: new words, which some have in their calendar, and another clock, by which offers
were made.
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
    """Whether anybody could be told of new words. Of a discreet event no calendar has any (specs/privacy.md 3)."""
    is_told = bool(event.pk) and event.status in BOOKABLE and not event.is_discreet
    return is_told and _seats_to_come(event, now).exists()


def edit_event(*, event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    """Edits an event. Where the clock of its waiting lists is another one by it, open offers are made anew, and their
    people told (`promises`); new words are told to nobody. Refuses as `editing.edit_event`, and
    `coordination.refuse_widening`.
    """
    with transaction.atomic(durable=True):
        lock_event(key=event_key)
        return _edit(event_key, facts, actor, now)


def edit_event_and_tell(*, event_key: UUID, facts: EventFacts, actor: User, now: datetime) -> Event:
    """`edit_event`; if that changed the texts, everybody with a seat to come gets the same calendar entry with the new
    ones, and is asked nothing (specs/calendar.md R31). The same texts once more mail nobody, so a form that is sent
    twice mails once.

    Refuses as `editing.edit_event`.
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
    """Who has not been told yet of another time, place or link hears the new words with that: the worker reads them
    when it writes the mail. A mail that a worker is busy with may have the old ones, so it does not count.
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
    """By words: browsers send other line ends than a file has, and that is nothing to tell."""
    return [getattr(event, name).split() for name in editing.TEXT_FIELDS]
