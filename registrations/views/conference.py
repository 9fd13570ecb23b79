"""Choosing in all rounds of a conference with one click (product C4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.models import Event
from registrations.forms import ChoiceForm
from registrations.services import conference
from registrations.services.refusals import REFUSALS
from registrations.views.visitors import ask_who, introduced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from registrations.services.conference import Outcome


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Afterwards the page of the event says of each round what became of the choice."""
    event, person = get_object_or_404(Event.objects.readable(), slug=slug), introduced(request)
    if person is None:
        return ask_who(request, back_to=f"{event.get_absolute_url()}#dates")
    form = ChoiceForm(request.POST, rounds=event.rounds.values_list("key", flat=True))
    if not form.is_valid():
        raise Http404
    outcomes = conference.choose(event_key=event.key, choices=form.choices, attendee=person, now=timezone.now())
    _tell(request, outcomes)
    return redirect(event)


def _tell(request: HttpRequest, outcomes: Iterable[Outcome]) -> None:
    """What was refused, by the name of its round; all else stands on the page."""
    refused = [outcome for outcome in outcomes if outcome.refusal]
    for outcome in refused:
        spoken = {"round": outcome.round.title, "why": REFUSALS[outcome.refusal]}
        messages.warning(request, _("%(round)s: %(why)s Nothing has changed there.") % spoken)
    if not refused:
        messages.success(request, _("Your choices are kept."))
