"""What an organiser decides about people: requests, seats by hand, places in the queue, seats held for a group,
personal links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registrations.forms import AddressesForm, HoldForm, PriorityForm, RefusalForm, SeatForm
from registrations.models import AccessLink, Registration
from registrations.services.organizing import approval, by_hand, holds, personal_links
from registrations.views.form_pages import accepted, form_page
from registrations.views.people import me
from registrations.views.permissions import log_names, organized_session, reads_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from events.models import Session


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, key: UUID) -> HttpResponse:
    session, now = _session_to_hold(request, key), timezone.now()
    form = HoldForm(request.POST or None, session=session)
    plan = accepted(form, lambda: holds.preview_hold(session_key=key, now=now, **form.facts))
    if plan and form.is_confirmed:
        holds.hold_seats(session_key=key, actor=me(request), now=now, **form.facts)
        messages.success(request, _("Done. Everybody who got a seat has an email with an invitation on the way."))
        return redirect("registrations:organize_session", key)
    return _page(request, "hold", form, session, plan=plan)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, key: UUID) -> HttpResponse:
    """The personal links of an unlisted date; who has one is as private as who has a seat."""
    session, now = _session_with_names(request, key), timezone.now()
    form = AddressesForm(request.POST or None)
    given = accepted(
        form,
        lambda: personal_links.grant(
            session_key=key, addresses=form.cleaned_data["addresses"], actor=me(request), now=now
        ),
    )
    if given:
        messages.success(request, _("Done. Everybody who had no link yet has an email on the way."))
        return redirect("registrations:organize_access", key)
    made = list(AccessLink.objects.filter(session=session).order_by("address"))
    log_names(request, session, names=len(made), where="access")
    return _page(request, "access", form, session, links=made, can_grant=now < session.starts_at)


@login_required
@require_POST
def revoke(request: HttpRequest, key: UUID, link: UUID) -> HttpResponse:
    """Idempotent: a link that is already gone is not an error."""
    session = _session_with_names(request, key)
    if AccessLink.objects.filter(session=session, key=link).exists():
        personal_links.revoke(link_key=link, actor=me(request))
    messages.success(request, _("The link no longer works. Anybody who signed up with it keeps their seat."))
    return redirect("registrations:organize_access", key)


@login_required
@require_POST
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    claim, _session = _claim(request, key)
    approved = approval.approve(registration_key=claim.key, actor=me(request), now=timezone.now())
    if approved.is_confirmed:
        messages.success(request, _("Approved. They have a seat, and an email with an invitation on the way."))
    else:
        messages.success(request, _("Approved. No seat is free, so they wait from the moment they asked."))
    return redirect("registrations:organize_session", approved.session.key)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turn_down(request: HttpRequest, key: UUID) -> HttpResponse:
    done = _("Turned down. They have an email on the way.")
    return _decide(request, key, RefusalForm, approval.turn_down, "turn_down", done=done)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, key: UUID) -> HttpResponse:
    done = _("Done. They have a seat, and an email with an invitation on the way.")
    return _decide(request, key, SeatForm, by_hand.seat, "seat", done=done)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def priority(request: HttpRequest, key: UUID) -> HttpResponse:
    done = _("Done. The queue has its new order.")
    return _decide(request, key, PriorityForm, by_hand.prioritize, "priority", done=done)


def _decide(
    request: HttpRequest, key: UUID, kind: type[Form], verb: Callable[..., Registration], name: str, *, done: str
) -> HttpResponse:
    """A decision about one claim; the form asks for what the verb needs, which is at least a reason."""
    claim, session = _claim(request, key)
    form, now = kind(_sent(request), initial={"priority": claim.priority}), timezone.now()
    if accepted(form, lambda: verb(registration_key=key, actor=me(request), now=now, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("registrations:organize_session", session.key)
    return _page(request, name, form, session, claim=claim)


def _sent(request: HttpRequest) -> Any:
    """A form without fields was submitted, too, if this is a POST: its button is the answer."""
    return request.POST if request.method == "POST" else None


def _session_to_hold(request: HttpRequest, key: UUID) -> Session:
    """How many seats are left in a hold tells how many of the group have one; for a discreet date only its two
    coordinators may know that.
    """
    session = organized_session(request, key)
    if session.event.is_discreet and not reads_names(request, session):
        raise Http404
    return session


def _session_with_names(request: HttpRequest, key: UUID) -> Session:
    session = organized_session(request, key)
    if not reads_names(request, session):
        raise Http404
    return session


def _claim(request: HttpRequest, key: UUID) -> tuple[Registration, Session]:
    """Returns a claim on a date that the reader organises and whose names they may read. Logs the access."""
    related = ("attendee__unit", "session")
    claim = get_object_or_404(Registration.objects.select_related(*related), key=key)
    session = _session_with_names(request, claim.session.key)
    log_names(request, session, names=1, where="claim")
    return claim, session


def _page(request: HttpRequest, name: str, form: Any, session: Session, **context: Any) -> HttpResponse:
    template = f"registrations/organizing/people/{name}.html"
    return form_page(request, template, form, session=session, event=session.event, **context)
