"""Fills the database with any number of people and sessions, to measure with. Writes rows directly: verbs would take
hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from events.enums import EventKind, EventStatus, SeatScope
from events.models import Event, Session, Venue
from events.services import search
from project.accounts.models import Unit
from project.demo.services import people as demo_people

PER_EVENT = 50
SEATS = 50
DAYS = 120
PREFIX = "more-"


def grow(*, sessions: int, people: int, now: datetime) -> None:
    """Adds people until the crowd has `people`, and sessions of extra events, in the coming months, until there are
    `sessions`.
    """
    _more_people(people, now)
    venue = Venue.objects.get(code="echo-one")
    there = Session.objects.filter(event__slug__startswith=PREFIX).count()
    for first in range(there, sessions, PER_EVENT):
        event = _event(f"{PREFIX}{first // PER_EVENT:05}", now)
        numbers = range(first, min(first + PER_EVENT, sessions))
        Session.objects.bulk_create(_session(event, venue, number, now) for number in numbers)
        search.refresh(Session.objects.filter(event=event))


def _more_people(number: int, now: datetime) -> None:
    if number > len(demo_people.crowd()):
        demo_people.move_in(crowd=number, now=now)


def _event(slug: str, now: datetime) -> Event:
    values = {"kind": EventKind.WORKSHOP, "status": EventStatus.PUBLISHED, "seat_scope": SeatScope.SESSION}
    titles = {"title_en": f"Workshop {slug}", "title_nl": f"Workshop {slug}"}
    defaults = {**values, **titles, "owner": Unit.objects.get(code="us"), "created_at": now, "changed_at": now}
    return Event.objects.get_or_create(slug=slug, defaults=defaults)[0]


def _session(event: Event, venue: Venue, number: int, now: datetime) -> Session:
    start = (now + timedelta(days=1 + number % DAYS)).replace(hour=8 + number % 8, minute=0, second=0, microsecond=0)
    session = Session(event=event, starts_at=start, ends_at=start + timedelta(hours=2), capacity=SEATS, changed_at=now)
    session.venue = venue
    session.slot = session.key
    return session
