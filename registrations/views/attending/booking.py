from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from events.models import Session
from project.accounts.forms import IntroductionForm
from project.accounts.services import people
from registrations.adapters import complete_sign_up, pending_about, remember_sign_up
from registrations.emails.links import CANCEL_LINK_SALT
from registrations.models import Registration
from registrations.rules import may_undo_cancellation
from registrations.services.attending import booking
from registrations.services.pages.standings import just_claimed
from registrations.views.people import back, back_about, local_path, me, person_of, ready_for
from registrations.views.signed_links import open_registration

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_POST
def sign_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """One click and no field; people who have to sign in first get the seat right after that (product S1)."""
    person = ready_for(request, Session.objects.filter(key=key))
    if person is None:
        return ask_to_sign_in(request, key, action="seat")
    booking.sign_up(session_key=key, attendee=person, now=timezone.now())
    return back(request, otherwise=reverse("registrations:session", args=[key]))


def ask_to_sign_in(request: HttpRequest, key: UUID, *, action: str) -> HttpResponse:
    """Remembers the session, and whether somebody asked for a seat or a place on its waiting list, while they sign in
    or say who they are.
    """
    remember_sign_up(request, action, get_object_or_404(Session.objects.readable(), key=key).key)
    return redirect("registrations:welcome" if person_of(request) else "account_login")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Asks for name, unit and audience, once: after the first seat, which the page shows with its Undo, or before it
    if the seat depends on the answer. Then completes the sign-up that is still pending.
    """
    person, now = me(request), timezone.now()
    form = IntroductionForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        audience = said.get("audience", person.audience)
        people.introduce(person=person, name=said["name"], unit=said.get("unit"), audience=audience)
        destination = complete_sign_up(request, person)
        return redirect(destination) if destination else back(request, otherwise=reverse("registrations:my_sessions"))
    rows = [] if pending_about(request, person) else just_claimed(person=me(request), now=now)
    context = {"form": form, "rows": rows, "later": local_path(request.GET.get("next", ""))}
    return render(request, "registrations/attending/welcome.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.of(me(request)), key=key)
    booking.cancel(registration_key=registration.key, actor=me(request), now=timezone.now())
    return back(request, otherwise=reverse("registrations:my_sessions"))


@login_required
@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    registration = get_object_or_404(Registration.objects.of(me(request)), key=key)
    restored = booking.restore(registration_key=registration.key, attendee=me(request), now=timezone.now())
    return back_about(request, registration, restored, otherwise=reverse("registrations:my_sessions"))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: one page, one button, no signing in. Opening it changes nothing, since mail scanners open
    links, too.
    `undo` takes the seat again, on the same page, as the site does.
    """
    registration, now = open_registration(token, salt=CANCEL_LINK_SALT), timezone.now()
    if request.method == "POST" and "undo" in request.POST:
        restored = booking.restore(registration_key=registration.key, attendee=registration.attendee, now=now)
        return render(
            request,
            "registrations/attending/links/restored.html",
            {"registration": restored, "session": restored.session},
        )
    if request.method == "POST" and not registration.is_cancelled:
        registration = booking.cancel(registration_key=registration.key, actor=registration.attendee, now=now)
    context = {
        "registration": registration,
        "session": registration.session,
        "is_over": registration.session.starts_at <= now,
        "may_undo": may_undo_cancellation(registration, now),
    }
    return render(request, "registrations/attending/links/cancel_link.html", context)
