"""Who sees the names of a discreet event: the page for coordinators, with who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registrations.enums import ChangeState
from registrations.forms.coordination import CoordinatorsForm
from registrations.models import CoordinatorChange
from registrations.services.organizing import coordinators
from registrations.views.form_pages import accepted, form_page
from registrations.views.people import me
from registrations.views.permissions import organized_event

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from events.models import Event


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    event = _discreet_event(request, slug)
    form = CoordinatorsForm(request.POST or None, event=event)
    change = accepted(form, lambda: _propose(request, event, form))
    if change:
        messages.success(request, _said(change))
        return redirect("registrations:organize_coordinators", event.slug)
    changes = event.coordinator_changes.select_related("proposed_by", "decided_by").prefetch_related("before", "after")
    context = {
        "event": event,
        "named": event.coordinators.order_by("name", "pk"),
        "changes": changes,
        "is_settled": coordinators.is_settled(event),
        "reader": me(request),
    }
    return form_page(request, "registrations/organizing/coordinators/page.html", form, **context)


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    change = _change_of(request, slug, key)
    coordinators.confirm_change(change_key=change.key, actor=me(request), now=timezone.now())
    messages.success(request, _("Done. Everybody concerned gets an email."))
    return redirect("registrations:organize_coordinators", slug)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    change = _change_of(request, slug, key)
    coordinators.withdraw_change(change_key=change.key, actor=me(request), now=timezone.now())
    messages.success(request, _("Withdrawn. Nothing changes."))
    return redirect("registrations:organize_coordinators", slug)


def _propose(request: HttpRequest, event: Event, form: CoordinatorsForm) -> CoordinatorChange:
    return coordinators.propose_change(
        event_key=event.key,
        coordinators=list(form.cleaned_data["coordinators"]),
        reason=form.cleaned_data["reason"],
        actor=me(request),
        now=timezone.now(),
    )


def _said(change: CoordinatorChange) -> str:
    if change.state == ChangeState.DONE:
        return _("Done. Everybody concerned gets an email.")
    return _("Proposed. Another coordinator, or one of the two named now, has to confirm it.")


def _discreet_event(request: HttpRequest, slug: str) -> Event:
    event = organized_event(request, slug)
    if not event.is_discreet:
        raise Http404
    return event


def _change_of(request: HttpRequest, slug: str, key: UUID) -> CoordinatorChange:
    return get_object_or_404(CoordinatorChange, event=_discreet_event(request, slug), key=key)
