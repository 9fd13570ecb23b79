"""One date as a calendar file, for people who do not want a mail to put it there."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.enums import SessionStatus
from events.models import Session
from registrations import ical
from registrations.feeds import entries
from registrations.models import Registration
from registrations.querysets import visible_to
from registrations.views.people import person_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest

    from events.querysets import SessionQuerySet
    from project.accounts.models import User


@require_safe
def session_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is public; people with a seat also get the link to join. A discreet date is only available to people with a
    seat, and its file reveals nothing.
    """
    now, person = timezone.now(), person_of(request)
    seat = _seat_of(person, key)
    session = seat.session if seat else get_object_or_404(_open_to_all(person, now), key=key)
    response = HttpResponse(
        ical.publication(_appointment(session, seat, now)), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def _seat_of(person: User | None, key: UUID) -> Registration | None:
    if person is None:
        return None
    seats = Registration.objects.holding_a_seat().of(person).filter(status="CONFIRMED", session__key=key)
    return seats.select_related("session__event", "session__venue", "session__round").first()


def _open_to_all(person: User | None, now: datetime) -> SessionQuerySet:
    scheduled = Session.objects.readable().filter(status=SessionStatus.SCHEDULED, event__is_discreet=False)
    return visible_to(scheduled.select_related("event", "venue", "round"), person, now)


def _appointment(session: Session, seat: Registration | None, now: datetime) -> ical.Appointment:
    """Uses the UID of the date, never that of the invitation, which is a secret (specs/calendar.md R29, 3.12)."""
    if session.event.is_discreet:
        return _telling_nothing(session, now)
    entry = entries.seat(seat, None) if seat else entries.public(session)
    return replace(entry.appointment, uid=str(session.ical_uid), stamped_at=now)


def _telling_nothing(session: Session, now: datetime) -> ical.Appointment:
    """No title, no place, and a new UID each time (specs/privacy.md 3): CLASS:PRIVATE alone does not keep others from
    reading it.
    """
    return ical.Appointment(
        uid=str(uuid.uuid4()),
        stamped_at=now,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        timezone=session.timezone,
        summary=_("Appointment"),
        is_private=True,
    )
