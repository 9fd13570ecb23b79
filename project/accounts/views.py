from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login, get_pending_stage
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from project.accounts.models import User
from project.accounts.services import people, sign_ins
from project.web.rate_limits import Limit, network_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOO_MANY = 429
ASKS_MAIL_LANGUAGE = "asks_mail_language"  # in the browser's session


def request_code(request: HttpRequest) -> HttpResponse:
    """Asks for an address and mails a code to it. Entering the same address again sends no other mail: its code still
    works.
    """
    pending = _pending_address(request)
    address = request.POST.get("email", "").strip().lower()
    if request.method == "POST" and (address != pending or not address):
        if limit := _count_code(request, address):
            return _limit_page(request, limit)
        clear_login(request)
    elif request.GET.get("other") and pending:
        return _form_for_another_address(request)
    response: HttpResponse = views.request_login_code(request)
    return response


def _form_for_another_address(request: HttpRequest) -> HttpResponse:
    """Shows the form although a code is pending; allauth would redirect to the page for the code. The pending code
    stays valid until another address is submitted.
    """
    waiting = request.session.pop(LOGIN_SESSION_KEY)
    response: HttpResponse = views.request_login_code(request).render()
    request.session[LOGIN_SESSION_KEY] = waiting
    return response


def confirm_code(request: HttpRequest) -> HttpResponse:
    """Checks the code. "Send a new code" on the same page counts as another request for one."""
    address = _pending_address(request) if request.POST.get("action") == "resend" else ""
    limit = _count_code(request, address) if address else None
    response: HttpResponse = _limit_page(request, limit) if limit else views.confirm_login_code(request)
    return response


def _pending_address(request: HttpRequest) -> str:
    """Returns the address to which this browser had a code mailed that it has not used yet, or ""."""
    stage = get_pending_stage(request)
    return str(stage.state.get("email", "")).lower() if stage else ""


def _count_code(request: HttpRequest, address: str) -> Limit | None:
    """Returns the limit that this request for a code exceeds, if any. Otherwise sets `request.code_in_the_mail`.

    The browser is identified by its CSRF cookie, which every page with a form sets.
    """
    browser = request.COOKIES.get(settings.CSRF_COOKIE_NAME) or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    limit = sign_ins.limit_reached(address=address, browser=browser, network=network)
    if limit is None and address:
        request.code_in_the_mail = sign_ins.code_to_use_again(address)  # type: ignore[attr-defined]  # for the adapter
    return limit


def _limit_page(request: HttpRequest, limit: Limit) -> HttpResponse:
    """Says when to try again. The pending sign-in is left as it is, so that a code on its way can still be used."""
    seconds = limit.retry_after()
    context = {
        "is_network": limit == sign_ins.OF_NETWORK,
        "minutes": -(-seconds // 60),
        "has_code": bool(_pending_address(request)),
    }
    response = render(request, "account/limit_reached.html", context, status=TOO_MANY)
    response["Retry-After"] = str(seconds)
    add_never_cache_headers(response)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Sets the language cookie. People whose mails are in another language are asked once whether those should follow
    (`registrations/attending/_small_question.html`).
    """
    chosen, person = request.POST.get("language", ""), request.user
    if isinstance(person, User) and not person.has_chosen_mail_language and chosen in dict(settings.LANGUAGES):
        request.session[ASKS_MAIL_LANGUAGE] = chosen != person.language
    return set_language(request)


@login_required
@require_POST
def mail_language(request: HttpRequest) -> HttpResponse:
    """The answer: mails in the language of the page, or as before. It is remembered either way."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101  # ensured by login_required
    chosen = get_language() if request.POST.get("answer") == "yes" else person.language
    people.prefer_language(person=person, language=chosen)
    request.session.pop(ASKS_MAIL_LANGUAGE, None)
    target = request.POST.get("next", "")
    return redirect(target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/")
