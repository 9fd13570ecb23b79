from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from events.models import Session
from project.accounts.adapters import OutboxAccountAdapter
from project.accounts.models import User
from registrations.querysets import visible_to
from registrations.services import booking
from registrations.services.refusals import UnableToRegister

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

WISH = "wished_session"


class AccountAdapter(OutboxAccountAdapter):
    """Signing in ends where the person was going: the seat they asked for before (product S1)."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not user.is_introduced:
            return HttpResponseRedirect(
                f"{reverse('registrations:welcome')}?{urlencode({'next': response['Location']})}"
            )
        return HttpResponseRedirect(fulfil_wish(request, user) or response["Location"])


def remember_wish(request: HttpRequest, session_key: UUID) -> None:
    """Keeps the one session somebody wanted while they sign in; nothing else of a visitor is stored."""
    request.session[WISH] = str(session_key)


def wished_session(request: HttpRequest, person: User) -> Session | None:
    """Nothing where the person may not know of the session."""
    key = request.session.get(WISH)
    if not key:
        return None
    wished = Session.objects.readable().select_related("event", "venue").filter(key=key)
    return visible_to(wished, person, timezone.now()).first()


def fulfil_wish(request: HttpRequest, person: User) -> str | None:
    """Signs up for the remembered session and answers the page that says what happened; a refusal stands on that page too."""
    session = wished_session(request, person)
    request.session.pop(WISH, None)
    if session is None:
        return None
    try:
        booking.sign_up(session_key=session.key, attendee=person, now=timezone.now())
    except UnableToRegister as refusal:
        messages.error(request, refusal.text)
    return session.get_absolute_url()
