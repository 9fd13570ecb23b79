"""Tells whether anything changed since the last request, without reading what a feed shows (specs/calendar.md R55,
R59).
The stamp of the public feeds covers the dates that anybody may see, so that it does not reveal work on something
hidden, for example a discreet event. A date that becomes hidden changes their number. A stamp changes more often than a
feed, which shows only the dates of some months or of one kind; then the bytes are made again, found to be the same, and
not sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from django.utils import timezone

from events.models import Session
from registrations.models import Invite, Registration

if TYPE_CHECKING:
    from project.accounts.models import User
    from registrations.feeds.spans import Span

FORM = 2  # raise it when the same rows are serialized differently, so that nobody keeps the old form
KEPT_SECONDS = 86_400  # a new day changes the stamp anyway
DIGITS = 20  # of a hash, 80 bits: nobody gains anything from a collision


@dataclass(frozen=True)
class Stamp:
    """`changed_at`: never before the start of the day, because the covered period moves with the day."""

    digest: str
    changed_at: datetime


def of_programme(span: Span, *about: str) -> Stamp:
    """Takes one statement. `about` is what else the bytes depend on: the feed, its language, a name in it."""
    public = Session.objects.public().aggregate(
        rows=Count("*"), session_changed=Max("changed_at"), event_changed=Max("event__changed_at")
    )
    return _since(_stamp(span, [*public.values()], *about), *about)


def of_person(person: User, span: Span) -> Stamp:
    """Takes two statements: one for the seats that the person has or had, one for their calendar entries. Includes the
    person, so that nobody else gets what is cached under it.
    """
    seats = Registration.objects.of(person).aggregate(
        seats=Count("pk", distinct=True),
        deeds=Count("log"),
        done=Max("log__at"),
        session_changed=Max("session__changed_at"),
        event_changed=Max("session__event__changed_at"),
    )
    invites = Invite.objects.filter(attendee=person).aggregate(
        rows=Count("pk"),
        stamped=Max("stamped_at"),
        session_changed=Max("hosted__changed_at"),
        event_changed=Max("hosted__event__changed_at"),
    )
    return _stamp(span, [*seats.values(), *invites.values()], str(person.key), person.language)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def _since(stamp: Stamp, *about: str) -> Stamp:
    """Returns the stamp with a later `changed_at` if dates disappeared since the last one of this feed: the remaining
    dates do not tell when. The last stamp is cached. If that was lost, clients that send only a date notice the change
    on the next day.
    """
    name = f"feed-seen:{digest_of(repr(about).encode())}"
    last: Stamp | None = cache.get(name)
    if last and last.digest == stamp.digest:
        return last
    if last and stamp.changed_at <= last.changed_at:
        stamp = replace(stamp, changed_at=max(timezone.now(), last.changed_at + timedelta(seconds=1)))
    cache.set(name, stamp, KEPT_SECONDS)
    return stamp


def _stamp(span: Span, found: list[datetime | int | None], *about: str) -> Stamp:
    said = [FORM, settings.BASE_URL, settings.UNIVERSITY, span.day.isoformat(), *about]
    moments = [value for value in found if isinstance(value, datetime)]
    told = [value.isoformat() if isinstance(value, datetime) else value for value in found]
    return Stamp(digest_of(repr([*said, *told]).encode()), max([span.today, *moments]))
