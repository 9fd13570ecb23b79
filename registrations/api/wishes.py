from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from events.models import Event
from registrations.api.answers import (
    INVALID,
    NO_SUCH_EVENT,
    NO_SUCH_SESSION,
    OF_ONESELF,
    UNREADABLE,
    Slug,
    me,
    said_list,
    visible_session,
)
from registrations.models import Registration
from registrations.rules import COLLEAGUE_ANSWERS_WITHIN
from registrations.schemas.claims import RegistrationList
from registrations.schemas.problems import answers
from registrations.schemas.wishes import (
    AnyDate,
    Asked,
    Choices,
    ChosenList,
    Colleague,
    FirstSeat,
    Invitation,
    InvitationList,
    SomeDates,
)
from registrations.services.attending import colleagues, conference, wishes

router = Router(tags=["Own registrations"])


@router.post(
    "/events/{slug}/waiting",
    operation_id="wait",
    summary="Say for which dates you wait",
    response=RegistrationList,
    openapi_extra=answers(
        {
            200: "What you now have of this event, by start: seats and places on waiting lists.",
            **OF_ONESELF,
            **NO_SUCH_EVENT,
            409: "Refused: `seat-free`, `another-slot` for what is no date of this event, `no-such-language`, or any"
            " refusal of signing up. Then nothing has changed.",
            **UNREADABLE,
        }
    ),
)
def wait(request: HttpRequest, slug: Slug, wish: SomeDates | AnyDate | FirstSeat) -> RegistrationList:
    """One step for one date, several, or whichever comes free first: `sessions` are exactly the dates you want, and
    none leaves the list. The moment of joining is kept. A date that was cancelled or has started is left out, unless it
    is the only one.

    Waiting takes no seat that is free at this moment: that is `seat-free`. To get one, sign up for that date, or say
    `first`. Whoever has a seat keeps it until one of these dates is certain. Repeating it changes nothing.
    """
    event, person, now = get_object_or_404(Event.objects.readable(), slug=slug), me(request), timezone.now()
    if isinstance(wish, SomeDates):
        own = wishes.wait(event_key=event.key, session_keys=wish.sessions, attendee=person, now=now)
    else:
        verb = wishes.take_first_seat if isinstance(wish, FirstSeat) else wishes.wait_for_any
        own = verb(event_key=event.key, attendee=person, language=wish.language or "", now=now)
    by_start = sorted(own, key=lambda registration: (registration.session.starts_at, registration.pk))
    return said_list(request, by_start, len(by_start))


@router.post(
    "/events/{slug}/choices",
    operation_id="choose",
    summary="Choose a session in each round",
    response=ChosenList,
    openapi_extra=answers(
        {
            200: "What became of the choice in each round.",
            **OF_ONESELF,
            **NO_SUCH_EVENT,
            409: "Refused: `signed-out`.",
            **UNREADABLE,
        }
    ),
)
def choose(request: HttpRequest, slug: Slug, wish: Choices) -> ChosenList:
    """All choices of a conference in one step: each round gives a seat or a place on the waiting list, and changing a
    choice is a swap. What one round refuses, as its `refusal`, does not touch the others.

    Repeating it changes nothing.
    """
    event, now = get_object_or_404(Event.objects.readable(), slug=slug), timezone.now()
    outcomes = conference.choose(event_key=event.key, choices=wish.choices, attendee=me(request), now=now)
    own = [outcome.registration for outcome in outcomes if outcome.registration]
    return ChosenList.of(wish, outcomes, said_list(request, own, len(own)))


@router.post(
    "/sessions/{session_id}/colleagues",
    operation_id="invite_colleague",
    summary="Ask a colleague along",
    response={202: Asked},
    openapi_extra=answers(
        {
            202: "The same whoever it is: that somebody has a seat already is not told.",
            **OF_ONESELF,
            **NO_SUCH_SESSION,
            409: "Refused: `no-seat-yourself`, `someone-waits`, `too-late`, `too-many`, `discreet`, `full`, "
            "`cancelled`, `started`, `not-open-yet` or `closed`.",
            **UNREADABLE,
        }
    ),
)
def invite_colleague(request: HttpRequest, session_id: UUID, colleague: Colleague) -> Status[Asked]:
    """People with a seat may invite a colleague, while nobody waits. A seat is held until the colleague says yes or no,
    or the time to answer has passed.
    """
    session = visible_session(request, session_id)
    who, now = me(request), timezone.now()
    until = colleagues.invite(session_key=session.key, address=colleague.address, inviter=who, now=now)
    within = COLLEAGUE_ANSWERS_WITHIN // timedelta(hours=1)
    return Status(HTTPStatus.ACCEPTED, Asked(answer_within_hours=within, answer_until=until))


@router.get(
    "/my/invitations",
    operation_id="list_invitations",
    summary="Colleagues who have not answered yet",
    response=InvitationList,
    openapi_extra=answers({200: "The list.", 401: OF_ONESELF[401]}),
)
def list_invitations(request: HttpRequest) -> InvitationList:
    """The open invitations of yours, the first deadline first. At most three."""
    items = [Invitation.of(one) for one in colleagues.open_invitations(inviter=me(request), now=timezone.now())]
    return InvitationList(items=items, count=len(items))


@router.delete(
    "/my/invitations/{invitation_id}",
    operation_id="withdraw_invitation",
    summary="Withdraw an invitation",
    response={204: None},
    openapi_extra=answers(
        {
            204: "It is withdrawn.",
            **OF_ONESELF,
            404: "No such invitation of yours.",
            409: "Refused: `invitation-over` if it was answered, or the time to answer has passed.",
            **INVALID,
        }
    ),
)
def withdraw_invitation(request: HttpRequest, invitation_id: UUID) -> Status[None]:
    """The seat goes to people who wait, else it is free. Repeating it changes nothing."""
    invitation = get_object_or_404(Registration.objects.filter(invited_by=me(request)), key=invitation_id)
    colleagues.withdraw(registration_key=invitation.key, inviter=me(request), now=timezone.now())
    return Status(HTTPStatus.NO_CONTENT, None)
