"""Choosing in all rounds of a conference with one click (product C4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from events.models import Event
from registrations.adapters import make_choices, remember_sign_up
from registrations.forms import ChoiceForm
from registrations.views.people import ask_who, ready_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Afterwards the page of the event shows for each round what became of the choice; the choices survive signing
    in.
    """
    event = get_object_or_404(Event.objects.readable(), slug=slug)
    person = ready_for(request, event.sessions.all())
    form = ChoiceForm(request.POST, rounds=event.rounds.values_list("key", flat=True))
    if not form.is_valid():
        raise Http404
    if person is None:
        remember_sign_up(request, "choices", event.key, **form.answers | {"adds": True})
        return ask_who(request, back_to=f"{event.get_absolute_url()}#dates")
    make_choices(request, event, person, form.answers)
    return redirect(event)
