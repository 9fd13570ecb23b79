from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from project.accounts.models import User
from registrations.services.pages.standings import group_matters

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from events.querysets import SessionQuerySet
    from registrations.models import Registration


def person_of(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def me(request: HttpRequest) -> User:
    """The signed-in person of a view behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101  # ensured by login_required
    return request.user


def ready_for(request: HttpRequest, sessions: SessionQuerySet) -> User | None:
    """Returns the signed-in person, unless a seat of one of these sessions depends on a group they have not told us.
    No statement for people whose group is known.
    """
    person = person_of(request)
    if person is None or person.has_group:
        return person
    return None if group_matters(sessions, person, timezone.now()) else person


def ask_who(request: HttpRequest, *, back_to: str) -> HttpResponse:
    """Redirects to the sign-in, or people who are already signed in to the three questions; afterwards they return to
    `back_to`.
    """
    page = "registrations:welcome" if person_of(request) else "account_login"
    return redirect(f"{reverse(page)}?{urlencode({'next': back_to})}")


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Redirects to the page with the button, never to another site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return redirect(target if _is_ours(target) else otherwise)


def back_about(request: HttpRequest, before: Registration, after: Registration, *, otherwise: str) -> HttpResponse:
    """Like `back`, but from the page of a registration that another one replaced, redirects to the page of the new
    one.
    """
    if request.POST.get("next") == before.get_absolute_url():
        return redirect(after)
    return back(request, otherwise=otherwise)


def local_path(target: str) -> str:
    """Returns the path if it is one of this site, else nothing."""
    return target if _is_ours(target) else ""


def page_before(request: HttpRequest) -> str:
    """Returns the page whose button was refused, for a link back; empty if the browser does not tell."""
    told = request.headers.get("Referer", "")
    path = urlsplit(told).path if url_has_allowed_host_and_scheme(told, {request.get_host()}) else ""
    candidates = (request.POST.get("next", ""), path)
    return next((candidate for candidate in candidates if _is_ours(candidate)), "")


def _is_ours(target: str) -> bool:
    return url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
