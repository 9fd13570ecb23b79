"""Changes of one date that people must hear of: each page says what the change will do before it does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from registrations.forms import CapacityForm, ChangeForm, MoveForm, PlaceForm
from registrations.services.organizing import capacity, reinstatement, schedule
from registrations.views.form_pages import accepted, form_page
from registrations.views.people import me
from registrations.views.permissions import log_names, organized_session, reads_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from events.models import Session

    Verb = Callable[..., object]

MOVED = gettext_lazy("Moved. Everybody has an email on the way, and calendars change with it.")
RELOCATED = gettext_lazy("Changed. Everybody has an email on the way, and calendars change with it.")
NOT_TOLD = gettext_lazy("Changed. Nobody is told yet: send the changes of this conference when the schedule is right.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def resize(request: HttpRequest, key: UUID) -> HttpResponse:
    session, now = organized_session(request, key), timezone.now()
    form = CapacityForm(request.POST or None, session=session)
    plan = accepted(form, lambda: capacity.preview_resize(session_key=key, now=now, **form.facts))
    if plan and form.is_confirmed:
        capacity.resize_session(session_key=key, now=now, **form.facts)
        return _done(request, session, _("Done. Everybody who got a seat has an email with an invitation on the way."))
    shows_names = bool(plan and plan.promoted) and reads_names(request, session)
    if plan and shows_names:
        log_names(request, session, names=len(plan.promoted), where="capacity")
    return _page(request, "registrations/organizing/changes/capacity.html", form, plan=plan, shows_names=shows_names)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    session, now = organized_session(request, key), timezone.now()
    form = MoveForm(request.POST or None, session=session)
    plan = accepted(form, lambda: schedule.preview_move(session_key=key, reader=me(request), now=now, **form.facts))
    if plan and form.is_confirmed:
        schedule.reschedule_session(session_key=key, now=now, **form.facts)
        return _done(request, session, NOT_TOLD if plan.is_collected else MOVED)
    return _page(request, "registrations/organizing/changes/move.html", form, plan=plan)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def relocate(request: HttpRequest, key: UUID) -> HttpResponse:
    session, now = organized_session(request, key), timezone.now()
    form = PlaceForm(request.POST or None, session=session)
    plan = accepted(form, lambda: schedule.preview_place(session_key=key, now=now, **form.facts))
    if plan and form.is_confirmed:
        schedule.relocate_session(session_key=key, now=now, **form.facts)
        return _done(request, session, NOT_TOLD if plan.is_collected else RELOCATED)
    return _page(request, "registrations/organizing/changes/place.html", form, plan=plan)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    verbs, done = (capacity.preview_cancel, capacity.cancel_session), _("Cancelled. Everybody has an email on the way.")
    return _yes_or_no(request, key, verbs, "registrations/organizing/changes/cancel.html", done=done)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: HttpRequest, key: UUID) -> HttpResponse:
    verbs = reinstatement.preview_reinstate, reinstatement.reinstate_session
    done = _("It takes place after all. Everybody has an email on the way.")
    return _yes_or_no(request, key, verbs, "registrations/organizing/changes/reinstate.html", done=done)


def _yes_or_no(request: HttpRequest, key: UUID, verbs: tuple[Verb, Verb], template: str, *, done: str) -> HttpResponse:
    """A change with nothing to fill in: the first verb previews it, the second makes it."""
    preview, change = verbs
    session, now = organized_session(request, key), timezone.now()
    form = ChangeForm(request.POST or None, session=session)
    plan = preview(session_key=key, now=now)
    if form.is_valid() and form.is_confirmed:
        change(session_key=key, actor=me(request), now=now)
        return _done(request, session, done)
    return _page(request, template, form, plan=plan)


def _page(request: HttpRequest, template: str, form: ChangeForm, **context: Any) -> HttpResponse:
    return form_page(request, template, form, session=form.session, event=form.session.event, **context)


def _done(request: HttpRequest, session: Session, text: str | _StrPromise) -> HttpResponse:
    messages.success(request, str(text))
    return redirect("registrations:organize_session", session.key)
