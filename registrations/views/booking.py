from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.enums import SessionStatus
from events.models import Session
from project.accounts.forms import IntroductionForm
from project.accounts.services import people
from project.accounts.services.roles import rights_of
from registrations.adapters import fulfil_wish, remember_wish, wished_session
from registrations.emails import registration_key_of
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.rules import HOSTS_SEE_NAMES, door_pass
from registrations.services import booking
from registrations.services.standings import standings
from registrations.views.visitors import back, me, person_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from project.accounts.models import User
    from registrations.rules import Standing


@require_POST
def sign_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """One click and no field; who has to sign in first gets the seat right after (product S1)."""
    person = person_of(request)
    if person is None or not person.is_introduced:
        remember_wish(request, get_object_or_404(Session.objects.readable(), key=key).key)
        return redirect("registrations:welcome" if person else "account_login")
    booking.sign_up(session_key=key, attendee=person, now=timezone.now())
    return back(request, otherwise=reverse("registrations:session", args=[key]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Name, unit and audience, asked once; then the wish that was waiting is fulfilled."""
    person = me(request)
    form = IntroductionForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        audience = said.get("audience", person.audience)
        people.introduce(person=person, name=said["name"], unit=said["unit"], audience=audience)
        destination = fulfil_wish(request, person)
        return redirect(destination) if destination else back(request, otherwise=reverse("registrations:my_sessions"))
    return render(request, "registrations/welcome.html", {"form": form, "session": wished_session(request)})


@login_required
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Own seats: the next one large, then waiting, then past (product S8)."""
    now = timezone.now()
    related = ("session__event", "session__venue")
    own = (
        Registration.objects.of(me(request)).with_place().select_related(*related).order_by("session__starts_at", "pk")
    )
    coming = [registration for registration in own.active() if registration.session.ends_at > now]
    seats = [registration for registration in coming if not registration.is_waiting]
    context = {
        "next": seats[0] if seats else None,
        "seats": seats[1:],
        "waiting": [registration for registration in coming if registration.is_waiting],
        "given_back": _given_back(me(request), now),
        "hosted": _doors_of(me(request), now),
        "past": own.active().filter(session__ends_at__lte=now).exclude(status="WAITLISTED").reverse()[:30],
    }
    return render(request, "registrations/my_sessions.html", context)


def _given_back(person: User, now: datetime) -> list[Standing]:
    """What can still be undone, with the counts that decide what undoing would give."""
    sessions = Registration.objects.of(person).given_back_recently(now).values("session")
    counted = annotate_seats(Session.objects.filter(pk__in=sessions).select_related("event", "venue"))
    return [row for row in standings(sessions=counted, person=person, now=now) if row.just_cancelled]


def _doors_of(person: User, now: datetime) -> list[Session]:
    """The sessions at whose door somebody stands these days; asked only for who has such a role."""
    rights = rights_of(person)
    keys = rights.hosted_sessions | rights.door_sessions
    if not keys:
        return []
    near = Session.objects.filter(
        key__in=keys, starts_at__lte=now + HOSTS_SEE_NAMES, ends_at__gte=now - HOSTS_SEE_NAMES
    )
    sessions = near.exclude(status=SessionStatus.CANCELLED).select_related("event", "venue").order_by("starts_at", "pk")
    passes = [(session, door_pass(session, rights, now, is_named=False)) for session in sessions]
    return [session for session, granted in passes if granted and granted.may_search]


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
    booking.restore(registration_key=registration.key, attendee=me(request), now=timezone.now())
    return back(request, otherwise=reverse("registrations:my_sessions"))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: one page, one button, no signing in. Opening it changes nothing, as mail scanners open links too."""
    registration = _registration_of(token)
    if request.method == "POST" and not registration.is_cancelled:
        registration = booking.cancel(
            registration_key=registration.key, actor=registration.attendee, now=timezone.now()
        )
    context = {"registration": registration, "session": registration.session, "is_over": _has_started(registration)}
    return render(request, "registrations/cancel_link.html", context)


def _registration_of(token: str) -> Registration:
    """Discreet sessions have no such links: their pages open after signing in only (contract.md, "Pages")."""
    try:
        key = registration_key_of(token)
    except signing.BadSignature as forged:
        raise Http404 from forged
    related = ("session__event", "session__venue", "attendee")
    linked = Registration.objects.select_related(*related).exclude(session__event__is_discreet=True)
    return get_object_or_404(linked, key=key)


def _has_started(registration: Registration) -> bool:
    return registration.session.starts_at <= timezone.now()
