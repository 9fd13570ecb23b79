"""The answer to "still coming?", from the link in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registrations.emails import asked_registration_key_of
from registrations.forms import AnswerForm
from registrations.models import Registration
from registrations.services import booking, reminders

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_coming(request: HttpRequest, token: str) -> HttpResponse:
    """One page, two buttons, no signing in. Opening it changes nothing, as mail scanners open links too."""
    registration, now = _asked(token), timezone.now()
    has_begun = registration.session.starts_at <= now
    if request.method == "POST" and registration.is_confirmed and not has_begun:
        return _answer(request, registration)
    context = {
        "registration": registration,
        "session": registration.session,
        "has_begun": has_begun,
        "said_yes": reminders.said_yes(registration),
    }
    return render(request, "registrations/still_coming.html", context)


def _answer(request: HttpRequest, registration: Registration) -> HttpResponse:
    form, now = AnswerForm(request.POST), timezone.now()
    if not form.is_valid():
        raise Http404
    if form.is_yes:
        reminders.say_still_coming(registration_key=registration.key, now=now)
    else:
        booking.cancel(registration_key=registration.key, actor=registration.attendee, now=now)
    return redirect(request.path)


def _asked(token: str) -> Registration:
    """A discreet session asks nobody, so it has no such links."""
    try:
        key = asked_registration_key_of(token)
    except signing.BadSignature as forged:
        raise Http404 from forged
    related = ("session__event", "session__venue", "attendee")
    linked = Registration.objects.select_related(*related).exclude(session__event__is_discreet=True)
    return get_object_or_404(linked, key=key)
