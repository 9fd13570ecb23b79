"""The answer to "still coming?", from the link in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registrations.emails.links import STILL_COMING_LINK_SALT
from registrations.forms import AnswerForm
from registrations.rules import may_undo_cancellation
from registrations.services.attending import booking
from registrations.services.mailing import reminders
from registrations.views.signed_links import open_registration

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registrations.models import Registration


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def still_coming(request: HttpRequest, token: str) -> HttpResponse:
    """One page, two buttons, no signing in. Opening it changes nothing, since mail scanners open links, too."""
    registration, now = open_registration(token, salt=STILL_COMING_LINK_SALT), timezone.now()
    has_begun = registration.session.starts_at <= now
    if request.method == "POST" and "undo" in request.POST:
        restored = booking.restore(registration_key=registration.key, attendee=registration.attendee, now=now)
        return render(
            request,
            "registrations/attending/links/restored.html",
            {"registration": restored, "session": restored.session},
        )
    if request.method == "POST" and registration.is_confirmed and not has_begun:
        return _answer(request, registration)
    context = {
        "registration": registration,
        "session": registration.session,
        "has_begun": has_begun,
        "said_yes": reminders.said_yes(registration),
        "may_undo": may_undo_cancellation(registration, now),
    }
    return render(request, "registrations/mailing/still_coming.html", context)


def _answer(request: HttpRequest, registration: Registration) -> HttpResponse:
    form, now = AnswerForm(request.POST), timezone.now()
    if not form.is_valid():
        raise Http404
    if form.is_yes:
        reminders.say_still_coming(registration_key=registration.key, now=now)
    else:
        booking.cancel(registration_key=registration.key, actor=registration.attendee, now=now)
    return redirect(request.path)
