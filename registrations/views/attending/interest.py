"""Asking "tell me when dates are announced", on the page of an event that has none (product C11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from events.models import Event
from project.accounts.models import User
from registrations.adapters import remember_sign_up, tell_when_announced
from registrations.emails.links import INTEREST_LINK_SALT
from registrations.services.attending import interest
from registrations.views.people import ask_who, person_of
from registrations.views.signed_links import signed_key

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def tell_me(request: HttpRequest, slug: str) -> HttpResponse:
    """`stop` withdraws the request. People who are signed out sign in first, because we write to the address they sign
    in with; then the request is stored.
    """
    event, person = get_object_or_404(Event.objects.readable(), slug=slug), person_of(request)
    if person is None:
        remember_sign_up(request, "interest", event.key)
        return ask_who(request, back_to=f"{event.get_absolute_url()}#dates")
    if "stop" in request.POST:
        interest.take_back(event_key=event.key, person=person)
        messages.success(request, _("We will not write to you about this."))
    else:
        tell_when_announced(request, event, person, {})
    return redirect(event)


@csrf_exempt  # a mail program sends this without having opened a page of ours (RFC 8058); the signature authorizes it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def interest_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the header of a mail that is not about a seat. The page names nothing, because the reader has not
    signed in.
    """
    event, person = _interest_of(token)
    if request.method == "POST":
        interest.take_back(event_key=event.key, person=person)
    return render(request, "registrations/attending/links/interest_link.html", {"is_done": request.method == "POST"})


def _interest_of(token: str) -> tuple[Event, User]:
    event, _dot, person = signed_key(token, salt=INTEREST_LINK_SALT).partition(".")
    return get_object_or_404(Event, key=event), get_object_or_404(User, key=person)
