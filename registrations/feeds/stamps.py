"""Whether anything changed since somebody asked last, without reading what a feed shows (specs/calendar.md R55, R59).

A stamp is taken over all rows and not only over those that a feed shows: what was unpublished, unlisted or given back is shown no more,
and its change must be seen all the same. So a stamp changes more often than a feed; then the bytes are made again, found to be the same,
and not sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Max

from events.models import Event, Session
from registrations.models import Invite, Registration

if TYPE_CHECKING:
    from project.accounts.models import User
    from registrations.feeds.spans import Span

FORM = 1  # raise it when the same rows are written down in another way, so that nobody keeps the old form
DIGITS = 20  # of a hash, 80 bits: nobody gains anything by finding two that are alike


@dataclass(frozen=True)
class Stamp:
    """`changed_at`: not before the day began, because days alone move what a feed tells of."""

    digest: str
    changed_at: datetime


def of_programme(span: Span, *about: str) -> Stamp:
    """Two statements. `about` is what else the bytes depend on: the feed, its language, a name in it."""
    counted = {"newest": Max("changed_at"), "rows": Count("*")}
    sessions, events = Session.objects.aggregate(**counted), Event.objects.aggregate(**counted)
    return _stamp(span, [*sessions.values(), *events.values()], *about)


def of_person(person: User, span: Span) -> Stamp:
    """Two statements: about the seats that the person has or had, and about their calendar entries. The person is in it too: what is kept
    under it is theirs alone.
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


def _stamp(span: Span, found: list[datetime | int | None], *about: str) -> Stamp:
    said = [FORM, settings.BASE_URL, settings.UNIVERSITY, span.day.isoformat(), *about]
    moments = [value for value in found if isinstance(value, datetime)]
    told = [value.isoformat() if isinstance(value, datetime) else value for value in found]
    return Stamp(digest_of(repr([*said, *told]).encode()), max([span.today, *moments]))
