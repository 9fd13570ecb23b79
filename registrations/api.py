from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router, Status

from events.models import Event, Session
from project.accounts.models import User
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.schemas.catalogue import (
    EventChoice,
    EventFacts,
    EventList,
    EventWithDates,
    SessionChoice,
    SessionFacts,
    SessionList,
)
from registrations.schemas.claims import RegistrationFacts, RegistrationList
from registrations.schemas.paging import Page
from registrations.schemas.problems import answers
from registrations.services import booking
from registrations.services.standings import claims, standings

router = Router()

Slug = Annotated[str, Path(pattern="^[a-zA-Z0-9_-]+$", max_length=80)]

INVALID = {422: "`invalid`: a value cannot be used."}
OF_ONESELF = {
    401: "`signed-out`: sign in first.",
    403: "`csrf-failed`: the token in `X-CSRFToken` is missing or not right.",
}


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
    events = choice.narrow(Event.objects.published().select_related("owner").order_by("slug"))
    return EventList(items=[EventFacts.of(event) for event in choice.of(events)], count=events.count())


@router.get(
    "/events/{slug}",
    auth=None,
    tags=["Catalogue"],
    operation_id="get_event",
    summary="One event with its dates",
    response=EventWithDates,
    openapi_extra=answers(
        {200: "The event.", 404: "`not-found`: there is no such event, or it is not for everybody.", **INVALID}
    ),
)
def get_event(request: HttpRequest, slug: Slug) -> EventWithDates:
    """What one event is like, and the sessions of it that have not ended, cancelled ones too."""
    now = timezone.now()
    event = get_object_or_404(Event.objects.readable().select_related("owner"), slug=slug)
    coming = Session.objects.filter(event=event).upcoming(now).select_related("event", "venue")
    counted = annotate_seats(coming).order_by("starts_at", "pk")
    rows = standings(sessions=counted, person=_reader(request), now=now)
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
    listed = choice.narrow(Session.objects.listed().upcoming(now).select_related("event", "venue"))
    page = choice.of(annotate_seats(listed).order_by("starts_at", "pk"))
    rows = standings(sessions=page, person=_reader(request), now=now)
    return SessionList(items=[SessionFacts.of(row, request.user) for row in rows], count=listed.count())


@router.get(
    "/sessions/{session_id}",
    auth=None,
    tags=["Catalogue"],
    operation_id="get_session",
    summary="One session",
    response=SessionFacts,
    openapi_extra=answers(
        {200: "The session.", 404: "`not-found`: there is no such session, or it is not for everybody.", **INVALID}
    ),
)
def get_session(request: HttpRequest, session_id: UUID) -> SessionFacts:
    """One date, as the reader stands to it: `seats_left`, `can_sign_up` and `why_not` are of this moment."""
    found = Session.objects.readable().filter(key=session_id).select_related("event", "venue")
    session = get_object_or_404(annotate_seats(found))
    row = standings(sessions=[session], person=_reader(request), now=timezone.now())[0]
    return SessionFacts.of(row, request.user)


@router.post(
    "/sessions/{session_id}/registrations",
    tags=["Own registrations"],
    operation_id="sign_up",
    summary="Sign up",
    response={200: RegistrationFacts, 201: RegistrationFacts},
    openapi_extra=answers(
        {
            200: "The registration that exists already.",
            201: "A new registration.",
            **OF_ONESELF,
            404: "`not-found`: there is no such session, or it is not for everybody.",
            409: "Refused: `not-introduced`, `cancelled`, `started`, `not-open-yet`, `closed`, `not-eligible`, `slot-taken` or `full-no-waitlist`.",
            **INVALID,
        }
    ),
)
def sign_up(request: HttpRequest, session_id: UUID) -> Status[RegistrationFacts]:
    """Takes a free seat, or a place at the end of the waiting list: `status` says which. There is no body.

    201 with a new registration. Repeating it is safe: 200 with the registration that exists.
    """
    now = timezone.now()
    registration = booking.sign_up(session_key=session_id, attendee=_me(request), now=now)
    return Status(_created_or_ok(registration.created_at == now), _said(request, registration))


@router.get(
    "/my/registrations",
    tags=["Own registrations"],
    operation_id="list_my_registrations",
    summary="My registrations",
    response=RegistrationList,
    openapi_extra=answers({200: "The list.", 401: OF_ONESELF[401], **INVALID}),
)
def list_my_registrations(request: HttpRequest, page: Query[Page]) -> RegistrationList:
    """All of them, those of the latest sessions first; past and cancelled ones too."""
    own = Registration.objects.of(_me(request)).order_by("-session__starts_at", "-pk")
    found = claims(registrations=page.of(own), person=_me(request), now=timezone.now())
    return RegistrationList(items=[RegistrationFacts.of(claim, _me(request)) for claim in found], count=own.count())


@router.delete(
    "/my/registrations/{registration_id}",
    tags=["Own registrations"],
    operation_id="cancel_registration",
    summary="Give the seat back",
    response=RegistrationFacts,
    openapi_extra=answers(
        {
            200: "The registration, now cancelled.",
            **OF_ONESELF,
            404: "`not-found`: you have no such registration.",
            409: "Refused: `started`.",
            **INVALID,
        }
    ),
)
def cancel_registration(request: HttpRequest, registration_id: UUID) -> RegistrationFacts:
    """Gives the seat or the place on the waiting list back; the next person in line gets the seat at once.

    200 with the registration, now `CANCELLED`. Repeating it changes nothing.
    """
    mine = get_object_or_404(Registration.objects.of(_me(request)), key=registration_id)
    cancelled = booking.cancel(registration_key=mine.key, actor=_me(request), now=timezone.now())
    return _said(request, cancelled)


@router.post(
    "/my/registrations/{registration_id}/undo",
    tags=["Own registrations"],
    operation_id="undo_cancellation",
    summary="Take a cancellation back",
    response={200: RegistrationFacts, 201: RegistrationFacts},
    openapi_extra=answers(
        {
            200: "The registration that exists already.",
            201: "A new registration.",
            **OF_ONESELF,
            404: "`not-found`: you have no such registration.",
            409: "Refused: `expired`, or any refusal of signing up.",
            **INVALID,
        }
    ),
)
def undo_cancellation(request: HttpRequest, registration_id: UUID) -> Status[RegistrationFacts]:
    """Within 15 minutes: a seat if one is free and nobody waits, otherwise the end of the waiting list. There is no body.

    201 with a new registration, which has an `id` of its own. Repeating it is safe: 200 with the registration that exists.
    """
    now = timezone.now()
    mine = get_object_or_404(Registration.objects.of(_me(request)), key=registration_id)
    restored = booking.restore(registration_key=mine.key, attendee=_me(request), now=now)
    return Status(_created_or_ok(restored.created_at == now), _said(request, restored))


def _reader(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _me(request: HttpRequest) -> User:
    """The signed-in person of an operation that asks for one, which is every one without `auth=None`."""
    assert isinstance(request.user, User)  # noqa: S101  # the authentication of the API saw to it
    return request.user


def _said(request: HttpRequest, registration: Registration) -> RegistrationFacts:
    claim = claims(registrations=[registration], person=_me(request), now=timezone.now())[0]
    return RegistrationFacts.of(claim, _me(request))


def _created_or_ok(is_new: bool) -> HTTPStatus:  # noqa: FBT001  # it is the question itself
    return HTTPStatus.CREATED if is_new else HTTPStatus.OK
