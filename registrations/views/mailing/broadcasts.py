"""Messages to the people of a date: written, previewed with their recipients, and sent (product K7)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from csp.decorators import csp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from registrations.emails.wording.custom_texts import PLACEHOLDERS
from registrations.forms import NoticeForm
from registrations.services.mailing import broadcasts
from registrations.services.mailing.broadcasts import Draft
from registrations.views.form_pages import accepted, form_page
from registrations.views.mailing.preview_frames import MAIL_POLICY, draft_of, keep_draft
from registrations.views.people import me
from registrations.views.permissions import log_names, organized_session, reads_names

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from events.models import Session
    from registrations.models import Notice


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    """First shows the recipients and the mail itself; then the same form, confirmed, sends it."""
    session, now = _session(request, key), timezone.now()
    form = NoticeForm(request.POST or None, session=session, counts=broadcasts.count_by_status(session))
    plan = accepted(form, lambda: broadcasts.preview_notice(session_key=key, draft=form.draft))
    if plan and form.is_confirmed and accepted(form, lambda: _send(request, form, now)):
        messages.success(request, _sent(len(plan.claims)))
        return redirect("registrations:organize_session", key)
    names = plan.claims if plan and not session.event.is_discreet and reads_names(request, session) else []
    if plan:
        keep_draft(request, key, form.facts)
        log_names(request, session, names=len(names), where="message")
    context = {"session": session, "event": session.event, "plan": plan, "names": names, "placeholders": PLACEHOLDERS}
    return form_page(request, "registrations/mailing/broadcast.html", form, key=uuid4(), **context)


@login_required
@never_cache
@require_safe
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its type knows only views without arguments
def shown(request: HttpRequest, key: UUID, language: str) -> HttpResponse:
    """The HTML part of the draft alone, for the frame of the page."""
    session, said = _session(request, key), draft_of(request, key)
    mails = broadcasts.preview_mails(session=session, draft=Draft(**said)) if said else {}
    if language not in mails:
        raise Http404
    return HttpResponse(mails[language].letter.html)


def _session(request: HttpRequest, key: UUID) -> Session:
    """Only the two coordinators of a discreet session may write to its people (specs/privacy.md 3)."""
    session = organized_session(request, key)
    if session.event.is_discreet and not reads_names(request, session):
        raise Http404
    return session


def _send(request: HttpRequest, form: NoticeForm, now: datetime) -> Notice:
    return broadcasts.send_notice(
        notice_key=form.cleaned_data["key"], session_key=form.session.key, draft=form.draft, actor=me(request), now=now
    )


def _sent(people: int) -> str:
    words = ngettext("Sent to %(people)d person.", "Sent to %(people)d people.", people)
    return words % {"people": people}
