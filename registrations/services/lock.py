from __future__ import annotations

from typing import TYPE_CHECKING

from events.models import Event, Session
from registrations.models import Registration

if TYPE_CHECKING:
    from uuid import UUID

    from events.querysets import EventQuerySet


def lock_session(session_key: UUID) -> Session:
    """Takes the one lock of all seats, the row of the event, and answers the session as it is now (architecture.md, "Seats").

    `no_key` lets a plain insert that refers to the event go on beside it. Raises `Session.DoesNotExist`.
    """
    _lock(Event.objects.filter(sessions__key=session_key))
    return Session.objects.select_related("event", "venue", "round").get(key=session_key)


def lock_registration(registration_key: UUID) -> Registration:
    """The same lock, reached from a registration. Raises `Registration.DoesNotExist`."""
    _lock(Event.objects.filter(sessions__registrations__key=registration_key))
    related = ("attendee", "session__event", "session__venue", "session__round")
    return Registration.objects.select_related(*related).get(key=registration_key)


def lock_event(event_id: int) -> None:
    _lock(Event.objects.filter(pk=event_id))


def _lock(event: EventQuerySet) -> None:
    list(event.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
