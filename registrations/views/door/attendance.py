"""The door: a page that works with one thumb, for hosts, helpers and organisers (product D1, D2)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events.enums import SessionStatus
from registrations.enums import Status
from registrations.forms import DoorSearch, DoorTick, WalkIn
from registrations.models import Registration
from registrations.rules import DOOR_OPENS_BEFORE_START, why_door_closed
from registrations.services.door import attendance
from registrations.views.people import me
from registrations.views.permissions import log_names, session_at_the_door

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from registrations.querysets import DoorSession
    from registrations.rules import DoorPass

MAX_RESULTS = 12


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: UUID) -> HttpResponse:
    """A search is sent by POST although it changes nothing, so that no name gets into a URL or an access log."""
    now = timezone.now()
    session, granted = session_at_the_door(request, key, now)
    return _page(request, session, granted, now)


@login_required
@require_POST
def check_in(request: HttpRequest, key: UUID) -> HttpResponse:
    now = timezone.now()
    registration = _ticked(request, _session_to_tick(request, key, now))
    attendance.check_in(registration_key=registration.key, actor=me(request), now=now)
    return _back_to_the_door(request, registration)


@login_required
@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    now = timezone.now()
    registration = _ticked(request, _session_to_tick(request, key, now))
    attendance.take_back(registration_key=registration.key, actor=me(request), now=now)
    return _back_to_the_door(request, registration)


@login_required
@never_cache
@require_POST
def walk_in(request: HttpRequest, key: UUID) -> HttpResponse:
    """Lets in somebody without a seat: by address, or by their row on the waiting list."""
    now = timezone.now()
    session = _session_to_tick(request, key, now)
    form = WalkIn(request.POST)
    if "registration" in request.POST:
        address = _ticked(request, session).attendee.email
    elif form.is_valid():
        address = form.cleaned_data["address"]
    else:
        return _page(request, *session_at_the_door(request, key, now), now, walk_in=form)
    registration = attendance.walk_in(session_key=key, address=address, actor=me(request), now=now)
    if session.event.is_discreet and "registration" not in request.POST:
        messages.success(request, _("They are in."))
        return redirect("registrations:door", key)  # without the row, which would tell whether they had a seat
    return _back_to_the_door(request, registration)


@login_required
@require_POST
def finish(request: HttpRequest, key: UUID) -> HttpResponse:
    now = timezone.now()
    session_at_the_door(request, key, now)
    attendance.finish(session_key=key, actor=me(request), now=now)
    return redirect("registrations:door", key)


def _page(
    request: HttpRequest, session: DoorSession, granted: DoorPass, now: datetime, walk_in: WalkIn | None = None
) -> HttpResponse:
    search = DoorSearch(request.POST if request.method == "POST" else None)
    is_list = granted.may_list and "list" in request.GET
    rows = _rows(request, session, granted, search.text, is_list=is_list)
    if granted.shows_names:
        log_names(request, session, names=len(rows), where="door")
    context = {
        "session": session,
        "granted": granted,
        "search": search,
        "walk_in": walk_in or WalkIn(),
        "rows": rows[: None if is_list else MAX_RESULTS],
        "has_more": not is_list and len(rows) > MAX_RESULTS,
        "is_list": is_list,
        "closed": why_door_closed(session, now),
        "opens_at": session.local_start - DOOR_OPENS_BEFORE_START,
        "can_finish": session.status == SessionStatus.SCHEDULED and now >= session.starts_at,
        "absent": session.seats_taken + session.walk_in_count - session.inside_count,
    }
    return render(
        request, "registrations/door/page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if walk_in else None
    )


def _rows(
    request: HttpRequest, session: DoorSession, granted: DoorPass, text: str, *, is_list: bool
) -> list[Registration]:
    """Returns the people on the page: everybody with a seat, the people found, or the one just ticked. Without a
    search, nobody.
    """
    people = Registration.objects.filter(session=session).at_the_door().select_related("attendee__unit")
    ordered = people.order_by("attendee__name", "attendee__email", "pk")
    if not granted.may_search:
        return []
    if is_list:
        return list(ordered.exclude(status=Status.WAITLISTED))
    if text:
        found = ordered.found_by_name(text) if granted.shows_names else ordered.found_by_reference(text)
        return list(found[: MAX_RESULTS + 1])
    just = _key(request.GET.get("just", ""))
    return list(ordered.filter(key=just)) if just else []


def _session_to_tick(request: HttpRequest, key: UUID, now: datetime) -> DoorSession:
    session, granted = session_at_the_door(request, key, now)
    if not granted.may_search:
        raise PermissionDenied
    return session


def _ticked(request: HttpRequest, session: DoorSession) -> Registration:
    """Returns the row that was tapped; 404 for a row of another session."""
    form = DoorTick(request.POST)
    if not form.is_valid():
        raise Http404
    people = Registration.objects.filter(session=session).select_related("attendee")
    return get_object_or_404(people, key=form.cleaned_data["registration"])


def _back_to_the_door(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Redirects to the same row of the list, or to the empty search with that one row on top."""
    address = reverse("registrations:door", args=[registration.session.key])
    where = f"?list=1#r-{registration.key}" if "list" in request.POST else f"?just={registration.key}"
    return redirect(f"{address}{where}")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
