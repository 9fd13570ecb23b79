"""Which dates somebody waits for, and which one they move to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from events.models import Event, Session
from registrations.adapters import ask_for_dates, remember_sign_up
from registrations.forms import SwapForm, WaitForm
from registrations.models import Registration
from registrations.services.attending import swaps, wishes
from registrations.views.attending.booking import ask_to_sign_in
from registrations.views.people import ask_who, back, back_about, me, ready_for

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_POST
def wait_for_date(request: HttpRequest, key: UUID) -> HttpResponse:
    """Adds this date; people with a seat on another one keep it. The wish survives signing in, as a sign-up does."""
    person = ready_for(request, Session.objects.filter(key=key))
    if person is None:
        return ask_to_sign_in(request, key, action="place")
    wishes.wait_for(session_key=key, attendee=person, now=timezone.now())
    return back(request, otherwise=reverse("registrations:session", args=[key]))


@require_POST
def wait(request: HttpRequest, slug: str) -> HttpResponse:
    """The only form for waiting: exactly the dates that are ticked, any date, or none (product Q2). It survives signing
    in.
    """
    event = get_object_or_404(Event.objects.readable(), slug=slug)
    form, person = WaitForm(request.POST), ready_for(request, event.sessions.all())
    if not form.is_valid():
        raise Http404
    if person is None:
        remember_sign_up(request, "dates", event.key, **form.answers | {"adds": True})
        return ask_who(request, back_to=f"{event.get_absolute_url()}#wait")
    ask_for_dates(request, event, person, form.answers)
    return redirect(event)


@login_required
@require_POST
def swap(request: HttpRequest, key: UUID) -> HttpResponse:
    """Moves to another date; the old seat is kept until the other one is certain (product S3)."""
    held = get_object_or_404(Registration.objects.of(me(request)), key=key)
    form = SwapForm(request.POST)
    if not form.is_valid():
        raise Http404
    there = form.cleaned_data["session"]
    moved = swaps.swap(registration_key=held.key, session_key=there, attendee=me(request), now=timezone.now())
    otherwise = reverse("registrations:session", args=[there])
    return back_about(request, held, moved, otherwise=otherwise) if moved.is_confirmed else back(request, otherwise)


@login_required
@require_POST
def undo_swap(request: HttpRequest, key: UUID) -> HttpResponse:
    """Moves the seat back to the date that it was moved from a moment ago, if a seat is still free there."""
    moved = get_object_or_404(Registration.objects.of(me(request)), key=key)
    seat = swaps.undo(registration_key=moved.key, attendee=me(request), now=timezone.now())
    return back_about(request, moved, seat, otherwise=reverse("registrations:my_sessions"))
