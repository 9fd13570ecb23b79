"""Imports the programme from a file when people already have seats: a room may have another name afterwards
(specs/calendar.md R31, 3.5).
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from events.enums import SessionStatus
from events.models import Event, Session, Venue
from events.services import programme
from events.services.programme import Problem, UnableToImport
from registrations.services.calendar import notifications
from registrations.services.lock import lock_session
from registrations.services.organizing import coordinators
from registrations.services.organizing.schedule import tell_everybody
from registrations.services.seats import promises

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from events.services.programme import Outcome
    from project.accounts.models import User


def import_programme(*, path: Path, actor: User | None, now: datetime) -> Outcome:
    """As `events.services.programme.import_programme`, and refuses the same. People whose room has another name or
    address afterwards are told, as if it were another room. Open offers get new deadlines if the import changes when
    sign-up for a date closes, or the clock of its event.

    Everything happens in one transaction, because only the rows as they were before tell what people know. The rooms
    are locked first, so that the second of two imports sees what the first one told.
    """
    with transaction.atomic(durable=True):
        before = Venue.objects.select_for_update(no_key=True).order_by("pk").in_bulk()
        clocks = promises.clocks(now)
        seen_by = _who_sees_names()
        outcome = programme.import_programme(path=path, actor=actor, now=now)
        _refuse_widening(path, seen_by)
        changed = [room.pk for room in Venue.objects.filter(pk__in=before) if _place(room) != _place(before[room.pk])]
        for session_key in _dates_to_come(changed, now):
            _tell_of_another_room(session_key, before, now)
        promises.keep_up(clocks, now=now)
    return outcome


def preview_programme(*, path: Path, actor: User | None, now: datetime) -> Outcome:
    """Returns what `import_programme` would do. Writes nothing, and refuses the same."""
    with transaction.atomic(durable=True):
        seen_by = _who_sees_names()
        outcome = programme.import_programme(path=path, actor=actor, now=now)
        _refuse_widening(path, seen_by)
        transaction.set_rollback(True)
    return outcome


def _who_sees_names() -> dict[int, tuple[int, coordinators.Pair]]:
    """Returns, for each discreet event for which somebody has registered, its unit and the two people named on it."""
    events = Event.objects.filter(is_discreet=True, sessions__registrations__isnull=False).distinct()
    return {event.pk: (event.owner_id, coordinators.named_on(event)) for event in events}


def _refuse_widening(path: Path, before: dict[int, tuple[int, coordinators.Pair]]) -> None:
    """Once people have registered, who sees their names is only changed on the page of the event, where two people
    agree and everybody concerned is told (specs/privacy.md 3).
    """
    after = _who_sees_names()
    text = _(
        "People have registered for this discreet event. Who sees their names is changed on its page, not by an import."
    )
    slugs = Event.objects.filter(pk__in=[pk for pk, seen_by in before.items() if after[pk] != seen_by])
    problems = [Problem(path.name, 0, f"{event.slug}: coordinators, owner", text) for event in slugs]
    if problems:
        raise UnableToImport(problems)


def _place(room: Venue) -> tuple[str, str]:
    return str(room), room.address


def _dates_to_come(rooms: list[int], now: datetime) -> list[UUID]:
    coming = Session.objects.filter(venue__in=rooms, status=SessionStatus.SCHEDULED, starts_at__gt=now)
    return list(coming.order_by("event", "pk").values_list("key", flat=True))


def _tell_of_another_room(session_key: UUID, before: Mapping[int, Venue], now: datetime) -> None:
    """The import already holds the lock of the event. Nobody is promoted here: they would be told of the room twice."""
    session = lock_session(session_key)
    known = copy(session)
    known.venue = before[session.venue_id] if session.venue_id else None
    was = notifications.facts_about(known)
    session.ical_sequence += 1
    session.save(update_fields=["ical_sequence"])
    tell_everybody(session=session, was=was, now=now)
