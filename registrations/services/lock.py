from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from events.models import Event, Session
from project.database.prepared import PreparedRead
from registrations.models import Registration
from registrations.services.refusals import UnableToRegister

if TYPE_CHECKING:
    from events.querysets import EventQuerySet


def lock_session(session_key: UUID) -> Session:
    """Locks the event of a session and returns the session as it is now. The row of the event is the one lock of all
    its seats (architecture.md, "Seats").

    `no_key` lets a plain insert that refers to the event proceed at the same time. Raises
    `UnableToRegister("not-published")` if there is no such session.
    """
    lock_event_of(session_key)
    return Session.objects.select_related("event", "venue", "round").get(key=session_key)


def lock_event_of(session_key: UUID) -> Event:
    """Takes the same lock and returns the event, for callers that read the sessions from the event's seats. Raises
    `UnableToRegister("not-published")` if there is no such session.
    """
    events = _event_of(session_key=session_key)
    if not events:
        raise UnableToRegister("not-published")
    return events[0]


def lock_registration(registration_key: UUID) -> Registration:
    """Takes the same lock for the event of a registration, and returns the registration as it is now. Raises
    `UnableToRegister("not-published")` if it does not exist (any more).
    """
    _locked(Event.objects.filter(sessions__registrations__key=registration_key)).first()
    related = ("attendee__unit", "session__event", "session__venue", "session__round")
    try:
        return Registration.objects.select_related(*related).get(key=registration_key)
    except Registration.DoesNotExist:
        raise UnableToRegister("not-published") from None


def lock_event(**names: object) -> Event:
    """Takes the same lock for an event, found by `pk`, `key` or another lookup. Raises `Event.DoesNotExist`."""
    event = _locked(Event.objects.filter(**names)).first()
    if event is None:
        raise Event.DoesNotExist
    return event


def _locked(event: EventQuerySet) -> EventQuerySet:
    return event.select_for_update(no_key=True, of=("self",)).order_by()


def _with_session(session_key: UUID) -> EventQuerySet:
    return _locked(Event.objects.filter(sessions__key=session_key))


_event_of = PreparedRead(_with_session, session_key=UUID)
