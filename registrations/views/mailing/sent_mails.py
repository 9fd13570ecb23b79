"""Which mails were sent to whom about a date, and their state; and sending one once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registrations.models import Registration
from registrations.services.mailing import sent_mails
from registrations.views.people import me
from registrations.views.permissions import log_names, organized_session, reads_names

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from events.models import Session

PAGE_SIZE = 100


@login_required
@never_cache
@require_safe
def sent(request: HttpRequest, key: UUID) -> HttpResponse:
    """The recipients are as private as the participants: for a discreet date only its two coordinators see them
    (specs/privacy.md 3).
    """
    session, state = _session(request, key), request.GET.get("state", "")
    page = Paginator(sent_mails.mails_of(session, state=state), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = sent_mails.with_people(list(page), now=timezone.now())
    log_names(request, session, names=len({row.registration.pk for row in rows}), where="mails")
    context = {
        "session": session,
        "event": session.event,
        "rows": rows,
        "page": page,
        "state": state if state in sent_mails.STATES else "",
        "counts": sent_mails.count_by_state(session),
    }
    return render(request, "registrations/mailing/sent_mails.html", context)


@login_required
@require_POST
def send_again(request: HttpRequest, key: UUID) -> HttpResponse:
    """`kind` says which mail; one that cannot be sent again is refused with a reason."""
    claim = get_object_or_404(Registration.objects.select_related("session"), key=key)
    session = _session(request, claim.session.key)
    sent_mails.send_again(
        registration_key=key, kind=request.POST.get("kind", ""), actor=me(request), now=timezone.now()
    )
    messages.success(request, _("Done. The email is on its way once more."))
    return redirect("registrations:organize_sent_mails", session.key)


def _session(request: HttpRequest, key: UUID) -> Session:
    session = organized_session(request, key)
    if not reads_names(request, session):
        raise Http404
    return session
