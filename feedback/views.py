from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events.models import Session
from events.rules import may_be_known
from feedback.forms import AnswerForm
from feedback.services import ballots, limits
from feedback.services import results as feedback_results
from project.accounts.services.roles import rights_of
from project.web.rate_limits import network_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

LEAVE_URL = "https://www.wikipedia.org/"  # for "Leave this page": a page that reveals nothing about its reader
OK, UNPROCESSABLE, TOO_MANY = 200, 422, 429


def for_anybody(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Makes a view leave no traces: no session, cookie, cached copy or referrer (specs/privacy.md 1.4, step 3).

    The code is the credential, so a forged request could borrow nothing, and no CSRF cookie is needed. The language
    comes from the address (`?lang=nl`), else from the browser.
    """

    @csrf_exempt
    @functools.wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("lang", "")
        language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            response = view(request)
        response["Content-Language"] = language or settings.LANGUAGE_CODE
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return shown


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """GET does not spend the code, because mail filters open links. The form keeps what was typed until it is spent."""
    if request.method != "POST":
        return _page(request, AnswerForm(), OK)
    form = AnswerForm(request.POST)
    status = _cast(form, network_of(request.META.get("REMOTE_ADDR", "")))
    if status == OK:
        return redirect(f"{reverse('feedback:thanks')}?lang={translation.get_language()}")
    response = _page(request, form, status)
    if status == TOO_MANY:
        response["Retry-After"] = str(limits.WRONG_CODES.retry_after())
    return response


@for_anybody
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/thanks.html", {"leave_url": LEAVE_URL})


@login_required
@require_safe
def results(request: HttpRequest, key: UUID) -> HttpResponse:
    session = get_object_or_404(Session.objects.select_related("event", "venue"), key=key)
    if not rights_of(request.user).may_organize(session.event.owner_id):
        raise PermissionDenied if may_be_known(session.event, session) else Http404
    context = {"session": session, "event": session.event, "results": feedback_results.results_of(session=session)}
    return render(request, "feedback/session_results.html", context)


def _cast(form: AnswerForm, network: str) -> int:
    """Casts the ballot and returns the status. A refusal becomes an error of the code; the form keeps the answers."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        ballots.cast(code=form.cleaned_data["code"], answers=form.answers, now=timezone.now())
    except ballots.UnableToAnswer as refusal:
        if not limits.count_wrong_code(network=network):
            form.add_error("code", _("Too many wrong codes were sent from your network. Please try again in a minute."))
            return TOO_MANY
        form.add_error("code", refusal.text)
        return UNPROCESSABLE
    return OK


def _page(request: HttpRequest, form: AnswerForm, status: int) -> HttpResponse:
    return render(request, "feedback/answer.html", {"form": form, "leave_url": LEAVE_URL}, status=status)
