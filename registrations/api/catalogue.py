from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from events.models import Event, Session
from registrations.api.answers import INVALID, NO_SUCH_EVENT, NO_SUCH_SESSION, Slug, reader
from registrations.querysets import visible_to
from registrations.schemas.catalogue import EventChoice, SessionChoice, SessionFacts, SessionList
from registrations.schemas.events import EventFacts, EventList, EventWithDates
from registrations.schemas.problems import answers
from registrations.services.pages.standings import standings

if TYPE_CHECKING:
    from events.querysets import EventQuerySet

router = Router()

RELATED = ("event", "venue", "round")


@router.get(
    "/events",
    auth=None,
    tags=["Catalogue"],
    operation_id="list_events",
    summary="What is offered",
    response=EventList,
    openapi_extra=answers({200: "The list.", **INVALID}),
)
def list_events(request: HttpRequest, choice: Query[EventChoice]) -> EventList:
    """The published events, by slug. Unlisted events are found only by who knows their address."""
    events = choice.narrow(Event.objects.published()).order_by("slug")
    page = choice.of(_with_all_that_is_said(events))
    return EventList(items=[EventFacts.of(event) for event in page], count=events.count())


@router.get(
    "/events/{slug}",
    auth=None,
    tags=["Catalogue"],
    operation_id="get_event",
    summary="One event with its dates",
    response=EventWithDates,
    openapi_extra=answers({200: "The event.", **NO_SUCH_EVENT, **INVALID}),
)
def get_event(request: HttpRequest, slug: Slug) -> EventWithDates:
    """What one event is like, and the sessions of it that have not ended, cancelled ones too."""
    now = timezone.now()
    event = get_object_or_404(_with_all_that_is_said(Event.objects.readable()), slug=slug)
    coming = Session.objects.filter(event=event).upcoming(now).select_related(*RELATED)
    counted = visible_to(coming, reader(request), now).order_by("starts_at", "pk")
    rows = standings(sessions=counted, person=reader(request), now=now)
    return EventWithDates.with_dates(event, rows, request.user)


@router.get(
    "/sessions",
    auth=None,
    tags=["Catalogue"],
    operation_id="list_sessions",
    summary="What is on",
    response=SessionList,
    openapi_extra=answers({200: "The list.", **INVALID}),
)
def list_sessions(request: HttpRequest, choice: Query[SessionChoice]) -> SessionList:
    """The sessions of published events that have not ended, by start; cancelled ones are left out."""
    now = timezone.now()
    listed = choice.narrow(Session.objects.listed().upcoming(now).select_related(*RELATED))
    page = choice.of(listed.order_by("starts_at", "pk"))
    rows = standings(sessions=page, person=reader(request), now=now)
    return SessionList(items=[SessionFacts.of(row, request.user) for row in rows], count=listed.count())


@router.get(
    "/sessions/{session_id}",
    auth=None,
    tags=["Catalogue"],
    operation_id="get_session",
    summary="One session",
    response=SessionFacts,
    openapi_extra=answers({200: "The session.", **NO_SUCH_SESSION, **INVALID}),
)
def get_session(request: HttpRequest, session_id: UUID) -> SessionFacts:
    """One date, as the reader stands to it: `seats_left`, `can_sign_up` and `why_not` are of this moment."""
    found = Session.objects.readable().filter(key=session_id).select_related(*RELATED)
    now = timezone.now()
    session = get_object_or_404(visible_to(found, reader(request), now))
    row = standings(sessions=[session], person=reader(request), now=now)[0]
    return SessionFacts.of(row, request.user)


def _with_all_that_is_said(events: EventQuerySet) -> EventQuerySet:
    return events.select_related("owner", "prerequisite").prefetch_related("rounds")
