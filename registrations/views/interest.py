"""Asking "tell me when dates are announced", on the page of an event that has none (product C11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.models import Event
from registrations.services import interest
from registrations.views.visitors import ask_who, person_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def tell_me(request: HttpRequest, slug: str) -> HttpResponse:
    """`stop` takes it back; who has not signed in does that first, because we write to the address they sign in with."""
    event, person = get_object_or_404(Event.objects.readable(), slug=slug), person_of(request)
    if person is None:
        return ask_who(request, back_to=f"{event.get_absolute_url()}#dates")
    if "stop" in request.POST:
        interest.take_back(event_key=event.key, person=person)
        messages.success(request, _("We will not write to you about this."))
    elif interest.ask(event_key=event.key, person=person, now=timezone.now()):
        messages.success(request, _("Noted. We write to you once, when there are dates."))
    else:
        messages.info(request, _("There are dates now: here they are."))
    return redirect(event)
