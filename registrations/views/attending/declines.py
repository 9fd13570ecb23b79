"""The page behind the link in a mail about a decline in the calendar: keep the seat after all, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registrations.emails.links import KEEP_LINK_SALT, cancel_link
from registrations.emails.wording.times import point
from registrations.models import Registration
from registrations.services.attending import declines
from registrations.views.signed_links import signed_key

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_link(request: HttpRequest, token: str) -> HttpResponse:
    """One page, no signing in. Opening it changes nothing, since mail scanners open links, too. For a discreet session
    it shows nothing.
    """
    registration = _declined(token)
    if registration.session.event.is_discreet:
        return redirect("registrations:my_registration", registration.key)
    if request.method == "POST" and timezone.now() < registration.session.starts_at:
        kept = declines.keep_seat(registration_key=registration.key, now=timezone.now())
        return _page(request, kept, was_asked=True)
    return _page(request, declines.seat_here(registration) or registration)


def _page(request: HttpRequest, registration: Registration, **more: Any) -> HttpResponse:
    """Also shown once the question has been answered: the page tells the current state."""
    session, release_at = registration.session, declines.release_at(registration)
    context = {
        "registration": registration,
        "session": session,
        "is_over": session.starts_at <= timezone.now(),
        "is_released": declines.was_released(registration),
        "until": point(release_at, session.timezone) if release_at else "",
        "give_back_url": cancel_link(registration),
    }
    return render(request, "registrations/attending/links/keep_link.html", context | more)


def _declined(token: str) -> Registration:
    linked = Registration.objects.select_related("session__event", "session__venue")
    return get_object_or_404(linked, key=signed_key(token, salt=KEEP_LINK_SALT))
