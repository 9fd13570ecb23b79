"""What to offer people who found nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min

from events.services import search
from registrations.querysets import annotate_admission
from registrations.services.pages import series
from registrations.services.pages.standings import standings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from events.models import Event, Session
    from events.querysets import EventQuerySet, SessionQuerySet
    from project.accounts.models import User
    from registrations.rules import Standing
    from registrations.services.pages.series import Series

MOST = 4  # of each: a hint, not a second list
MOST_UNDATED_READ = 200
A_DAY = timedelta(days=1)


def on_other_days(
    sessions: SessionQuerySet, first: date | None, last: date | None, *, person: User | None, now: datetime
) -> list[Standing]:
    """Returns the sessions nearest to the period from `first` to `last`: those after it, if there are any, else those
    before it. Empty if there was no period.
    """
    after, before = (sessions.starting_between(last + A_DAY, None) if last else sessions.none()), sessions.none()
    if first:
        before = sessions.starting_between(None, first - A_DAY).order_by("-starts_at", "-pk")
    found = _few(after, person, now) or _few(before, person, now)[::-1]
    return standings(sessions=found, person=person, now=now)


def _few(sessions: SessionQuerySet, person: User | None, now: datetime) -> Sequence[Session]:
    return list(annotate_admission(sessions, person, now)[:MOST])


def alike(sessions: SessionQuerySet, text: str, *, person: User | None, now: datetime) -> list[Series]:
    """Returns the events with most of the words, or words that look like them."""
    if not text.strip():
        return []
    found = search.alike(sessions, text)
    events = found.order_by().values("event").annotate(best=Max("score"), next=Min("starts_at"), number=Count("pk"))
    nearest = events.order_by("-best", "next", "event")[:MOST]
    return series.of_events(found, dict(nearest.values_list("event", "number")), person=person, now=now)


def undated(events: EventQuerySet, text: str, kind: str) -> list[Event]:
    """Returns those of the `events` without dates that have these words and are of this kind. Empty if neither is asked
    for.
    """
    events = events.filter(kind=kind) if kind else events
    if text.strip():
        return search.events_with_words(events[:MOST_UNDATED_READ], text)[:MOST]
    return list(events[:MOST]) if kind else []
