"""What the pages list, read with prepared statements (`project.database.prepared`), because these are the pages that
everybody opens.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from events.models import Event, Session
from events.querysets import earliest_start
from project.accounts.models import Unit, User
from project.database.prepared import PreparedRead
from registrations.querysets import annotate_admission, annotate_seats, visible_to
from registrations.services.pages.hosts import annotate_hosts

if TYPE_CHECKING:
    from events.querysets import EventQuerySet, SessionQuerySet

PAGE_SIZE = 30
TEXTS = ("description", "content_note", "bring", "aftercare", "questions")
WAY = ("address", "directions_en", "directions_nl", "accessibility_en", "accessibility_nl", "latitude", "longitude")
NOT_IN_A_LIST = (
    *(f"event__{text}_{code}" for text in TEXTS for code in ("en", "nl")),
    *(f"venue__{name}" for name in WAY),
)


def upcoming(now: datetime) -> SessionQuerySet:
    """Returns everything in the catalogue, with seats and without the long texts, for callers to filter."""
    return _listed(now, earliest_start(now))


def between(first: date, last: date, now: datetime) -> SessionQuerySet:
    """The same for all dates on these days, both included, past ones too."""
    return with_seats(Session.objects.listed().starting_between(first, last), now)


def _listed(now: datetime, earliest: datetime) -> SessionQuerySet:
    return with_seats(Session.objects.listed().not_over(now, earliest), now)


def with_seats(sessions: SessionQuerySet, now: datetime) -> SessionQuerySet:
    rows = sessions.select_related("event", "venue").defer(*NOT_IN_A_LIST)
    return cast("SessionQuerySet", annotate_seats(rows, now).order_by("starts_at", "pk"))


def page_of(sessions: SessionQuerySet, *, page: int, person: User | None, now: datetime) -> list[Session]:
    """Returns the sessions of one page, and one more if there are more; each with what admits the person."""
    first = (page - 1) * PAGE_SIZE
    return cast("list[Session]", list(annotate_admission(sessions, person, now)[first : first + PAGE_SIZE + 1]))


def first_page(*, person: User | None, now: datetime) -> list[Session]:
    """Returns the page that is opened most: the first one, without any filter."""
    if person is None:
        return _first_page(**_moments(now))
    return _first_page_of_person(**_moments(now), **_named(person))


def units() -> list[Unit]:
    return list(Unit.objects.all())


def event(slug: str) -> Event | None:
    """Returns an event that people with its address may read, or None."""
    return next(iter(_event(slug=slug)), None)


def dates(*, event: Event, person: User | None, now: datetime) -> list[Session]:
    """Returns the dates that have not ended and that the person may see, each with its seats and what admits them."""
    if person is None:
        found = _dates(event=event.pk, **_moments(now))
    else:
        found = _dates_of_person(event=event.pk, **_moments(now), **_named(person))
    for session in found:
        session.event = event
    return found


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "earliest": earliest_start(now)}


def _named(person: User) -> dict[str, Any]:
    """Returns as much of a person as a statement needs."""
    return {"person": person.pk, "address": person.email.lower()}


def _page(now: datetime, earliest: datetime, person: User | None = None) -> SessionQuerySet:
    return cast("SessionQuerySet", annotate_admission(_listed(now, earliest), person, now)[: PAGE_SIZE + 1])


def _readable(slug: str) -> EventQuerySet:
    found = Event.objects.readable().filter(slug=slug).select_related("owner", "prerequisite", "picture")
    return found.defer("picture__webp", "picture__avif")


def _dates_of(event: int, now: datetime, earliest: datetime, person: User | None = None) -> SessionQuerySet:
    coming = Session.objects.filter(event=event).not_over(now, earliest).select_related("venue", "round")
    seen = visible_to(coming, person, now).order_by("starts_at", "pk")
    return annotate_hosts(annotate_admission(annotate_seats(seen, now), person, now))


MOMENTS = {"now": datetime, "earliest": datetime}
PERSON = {"person": int, "address": str}
_event = PreparedRead(_readable, slug=str)
_first_page = PreparedRead(_page, **MOMENTS)
_first_page_of_person = PreparedRead(
    lambda person, address, **moments: _page(**moments, person=User(pk=person, email=address)), **MOMENTS, **PERSON
)
_dates = PreparedRead(_dates_of, event=int, **MOMENTS)
_dates_of_person = PreparedRead(
    lambda person, address, **values: _dates_of(**values, person=User(pk=person, email=address)),
    event=int,
    **MOMENTS,
    **PERSON,
)
