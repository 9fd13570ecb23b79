"""What the operations share: the reader, the values allowed in URLs, and the responses about one's own
registrations.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path

from events.models import Session
from project.accounts.models import User
from registrations.models import Registration
from registrations.querysets import visible_to
from registrations.schemas.claims import RegistrationFacts, RegistrationList
from registrations.services.pages.standings import claims

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest

Slug = Annotated[str, Path(pattern="^[a-zA-Z0-9_-]+$", max_length=80)]

INVALID = {422: "`invalid`: a value cannot be used."}
UNREADABLE = {400: "`bad-request`: the body is no JSON.", **INVALID}
OF_ONESELF = {
    401: "`signed-out`: sign in first.",
    403: "`csrf-failed`: the token in `X-CSRFToken` is missing or not right.",
}
NO_SUCH_EVENT = {404: "`not-found`: there is no such event, or it is not for everybody."}
NO_SUCH_SESSION = {404: "`not-found`: there is no such session, or it is not for everybody."}
NO_SUCH_REGISTRATION = {404: "`not-found`: you have no such registration."}


def reader(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def me(request: HttpRequest) -> User:
    """Returns the signed-in person of an operation that requires one, which is every one without `auth=None`."""
    assert isinstance(request.user, User)  # noqa: S101  # ensured by the authentication of the API
    return request.user


def mine(request: HttpRequest, registration_id: UUID) -> Registration:
    return get_object_or_404(Registration.objects.of(me(request)), key=registration_id)


def visible_session(request: HttpRequest, session_id: UUID) -> Session:
    """Raises 404 for an unlisted date if the person has no link to it, before a verb could refuse for another
    reason.
    """
    return get_object_or_404(visible_to(Session.objects.readable(), me(request), timezone.now()), key=session_id)


def facts_of(request: HttpRequest, registration: Registration) -> RegistrationFacts:
    claim = claims(registrations=[registration], person=me(request), now=timezone.now())[0]
    return RegistrationFacts.of(claim, me(request))


def said_list(request: HttpRequest, registrations: Iterable[Registration], count: int) -> RegistrationList:
    found = claims(registrations=registrations, person=me(request), now=timezone.now())
    return RegistrationList(items=[RegistrationFacts.of(claim, me(request)) for claim in found], count=count)


def created_or_ok(is_new: bool) -> HTTPStatus:  # noqa: FBT001  # the argument is the question itself
    return HTTPStatus.CREATED if is_new else HTTPStatus.OK
