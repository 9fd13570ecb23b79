from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from registrations.api.answers import (
    INVALID,
    NO_SUCH_REGISTRATION,
    NO_SUCH_SESSION,
    OF_ONESELF,
    UNREADABLE,
    created_or_ok,
    facts_of,
    me,
    mine,
    said_list,
    visible_session,
)
from registrations.models import Registration
from registrations.schemas.claims import RegistrationFacts, RegistrationList, RegistrationWithHistory
from registrations.schemas.paging import Page
from registrations.schemas.problems import answers
from registrations.schemas.wishes import OtherDate
from registrations.services.attending import booking, offers, swaps
from registrations.services.pages.standings import claims

router = Router(tags=["Own registrations"])


@router.post(
    "/sessions/{session_id}/registrations",
    operation_id="sign_up",
    summary="Sign up",
    response={200: RegistrationFacts, 201: RegistrationFacts},
    openapi_extra=answers(
        {
            200: "The registration that exists already.",
            201: "A new registration.",
            **OF_ONESELF,
            **NO_SUCH_SESSION,
            409: "Refused: `not-introduced`, `cancelled`, `started`, `not-open-yet`, `closed`, `not-eligible`, "
            "`prerequisite-missing`, `attended`, `slot-taken` or `full-no-waitlist`.",
            **INVALID,
        }
    ),
)
def sign_up(request: HttpRequest, session_id: UUID) -> Status[RegistrationFacts]:
    """Takes a free seat, or a place at the end of the waiting list: `status` says which. There is no body.

    Where an organiser approves, it is `REQUESTED`. Who has an offer accepts it; so close to the start that a free seat
    is for whoever takes it, who waits takes one.

    201 with a new registration. Repeating it is safe: 200 with the registration that exists.
    """
    now = timezone.now()
    registration = booking.sign_up(session_key=session_id, attendee=me(request), now=now)
    return Status(created_or_ok(registration.created_at == now), facts_of(request, registration))


@router.get(
    "/my/registrations",
    operation_id="list_my_registrations",
    summary="My registrations",
    response=RegistrationList,
    openapi_extra=answers({200: "The list.", 401: OF_ONESELF[401], **INVALID}),
)
def list_my_registrations(request: HttpRequest, page: Query[Page]) -> RegistrationList:
    """All of them, those of the latest sessions first; past and cancelled ones too."""
    own = Registration.objects.of(me(request)).order_by("-session__starts_at", "-pk")
    return said_list(request, page.of(own.select_related("replaces")), own.count())


@router.get(
    "/my/registrations/{registration_id}",
    operation_id="get_registration",
    summary="One registration and what happened to it",
    response=RegistrationWithHistory,
    openapi_extra=answers({200: "The registration.", 401: OF_ONESELF[401], **NO_SUCH_REGISTRATION, **INVALID}),
)
def get_registration(request: HttpRequest, registration_id: UUID) -> RegistrationWithHistory:
    """How it stands, with every change of it: the answer to "why do I not have a seat?"."""
    own = Registration.objects.of(me(request)).select_related("replaces").prefetch_related("log")
    registration = get_object_or_404(own, key=registration_id)
    claim = claims(registrations=[registration], person=me(request), now=timezone.now())[0]
    return RegistrationWithHistory.with_history(claim, me(request))


@router.delete(
    "/my/registrations/{registration_id}",
    operation_id="cancel_registration",
    summary="Give the seat back",
    response=RegistrationFacts,
    openapi_extra=answers(
        {
            200: "The registration, now cancelled.",
            **OF_ONESELF,
            **NO_SUCH_REGISTRATION,
            409: "Refused: `started`.",
            **INVALID,
        }
    ),
)
def cancel_registration(request: HttpRequest, registration_id: UUID) -> RegistrationFacts:
    """Gives the seat or the place on the waiting list back. The seat is then for whoever waits next, else for anybody.

    200 with the registration, now `CANCELLED`. Repeating it changes nothing.
    """
    own = mine(request, registration_id)
    cancelled = booking.cancel(registration_key=own.key, actor=me(request), now=timezone.now())
    return facts_of(request, cancelled)


@router.post(
    "/my/registrations/{registration_id}/undo",
    operation_id="undo_cancellation",
    summary="Take a cancellation back",
    response={200: RegistrationFacts, 201: RegistrationFacts},
    openapi_extra=answers(
        {
            200: "The registration that exists already.",
            201: "A new registration.",
            **OF_ONESELF,
            **NO_SUCH_REGISTRATION,
            409: "Refused: `expired`, or any refusal of signing up.",
            **INVALID,
        }
    ),
)
def undo_cancellation(request: HttpRequest, registration_id: UUID) -> Status[RegistrationFacts]:
    """Within 15 minutes: a seat if one is free and nobody waits, otherwise the end of the waiting list. There is no
    body.

    201 with a new registration, which has an `id` of its own. Repeating it is safe: 200 with the registration that
    exists.
    """
    now = timezone.now()
    own = mine(request, registration_id)
    restored = booking.restore(registration_key=own.key, attendee=me(request), now=now)
    return Status(created_or_ok(restored.created_at == now), facts_of(request, restored))


@router.post(
    "/my/registrations/{registration_id}/swap",
    operation_id="swap_registration",
    summary="Move a seat to another date",
    response={200: RegistrationFacts, 201: RegistrationFacts},
    openapi_extra=answers(
        {
            200: "The registration on the other date that exists already.",
            201: "A new registration on the other date.",
            **OF_ONESELF,
            404: "`not-found`: you have no such registration, or there is no such session, or it is not for everybody.",
            409: "Refused: `another-slot` when the session is not another date of the same, `expired` when the seat "
            "is no longer held, or any refusal of signing up.",
            **UNREADABLE,
        }
    ),
)
def swap_registration(request: HttpRequest, registration_id: UUID, other: OtherDate) -> Status[RegistrationFacts]:
    """With a seat free there, `CONFIRMED` at once, and the old registration is cancelled. Otherwise `WAITLISTED`, and
    `replaces` names the seat that is kept until this one is certain.

    The answer is the registration on the other date. Repeating it is safe.
    """
    now = timezone.now()
    own, there = mine(request, registration_id), visible_session(request, other.session)
    moved = swaps.swap(registration_key=own.key, session_key=there.key, attendee=me(request), now=now)
    return Status(created_or_ok(moved.created_at == now), facts_of(request, moved))


@router.post(
    "/my/registrations/{registration_id}/swap/undo",
    operation_id="undo_swap",
    summary="Move a seat back",
    response={200: RegistrationFacts, 201: RegistrationFacts},
    openapi_extra=answers(
        {
            200: "The registration on the old date that exists already.",
            201: "A new registration on the old date.",
            **OF_ONESELF,
            **NO_SUCH_REGISTRATION,
            409: "Refused: `expired` when nothing was moved in the last 15 minutes, `seat-gone` when no seat is free"
            " on the old date, or any refusal of signing up.",
            **INVALID,
        }
    ),
)
def undo_swap(request: HttpRequest, registration_id: UUID) -> Status[RegistrationFacts]:
    """Within 15 minutes, and as long as a seat is still free on the date it came from. The registration is the one on
    the new date. There is no body.

    Also for a yes to an offer that replaced a seat. The answer is the registration on the old date. Repeating it is
    safe.
    """
    now = timezone.now()
    own = mine(request, registration_id)
    back = swaps.undo(registration_key=own.key, attendee=me(request), now=now)
    return Status(created_or_ok(back.created_at == now), facts_of(request, back))


@router.post(
    "/my/registrations/{registration_id}/accept",
    operation_id="accept_offer",
    summary="Say yes to an offered seat",
    response=RegistrationFacts,
    openapi_extra=answers(
        {
            200: "The registration, now confirmed.",
            **OF_ONESELF,
            **NO_SUCH_REGISTRATION,
            409: "Refused: `expired` when nothing is offered any more; `not-introduced`, `not-eligible` or "
            "`prerequisite-missing` for somebody whom a colleague invited.",
            **INVALID,
        }
    ),
)
def accept_offer(request: HttpRequest, registration_id: UUID) -> RegistrationFacts:
    """Takes the seat; a seat that it replaces is given back. Repeating it changes nothing. There is no body."""
    own = mine(request, registration_id)
    return facts_of(request, offers.accept_offer(registration_key=own.key, actor=me(request), now=timezone.now()))


@router.post(
    "/my/registrations/{registration_id}/decline",
    operation_id="decline_offer",
    summary="Say no to an offered seat",
    response=RegistrationFacts,
    openapi_extra=answers(
        {
            200: "The registration, now cancelled.",
            **OF_ONESELF,
            **NO_SUCH_REGISTRATION,
            409: "Refused: `expired` when nothing is offered.",
            **INVALID,
        }
    ),
)
def decline_offer(request: HttpRequest, registration_id: UUID) -> RegistrationFacts:
    """Only this date is taken off the list; waiting for other dates goes on. Repeating it changes nothing. There is no
    body.
    """
    own = mine(request, registration_id)
    return facts_of(request, offers.decline_offer(registration_key=own.key, actor=me(request), now=timezone.now()))
