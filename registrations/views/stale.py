"""A button on a page that is out of date, for example after signing in elsewhere: we show the form again and do nothing
until it is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from events.models import Event, Session
from registrations.models import Registration
from registrations.querysets import visible_to
from registrations.views.people import page_before, person_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

NOT_SHOWN = {"csrfmiddlewaretoken", "next"}


@dataclass(frozen=True)
class Question:
    """What the page asks, and what its button says."""

    question: _StrPromise
    button: _StrPromise


WORDS = {
    "sign_up": Question(_("Take this seat?"), _("Take a seat")),
    "wait_for_date": Question(_("Join the waiting list?"), _("Join the waiting list")),
    "wait": Question(_("Save these dates?"), _("Save my dates")),
    "first": Question(_("The first free seat?"), _("Give me the first free seat")),
    "swap": Question(_("Move your seat to this date?"), _("Move my seat here")),
    "undo_swap": Question(_("Move your seat back?"), _("Undo")),
    "cancel": Question(_("Give this back?"), _("Give it back")),
    "undo": Question(_("Take it back?"), _("Undo")),
    "accept": Question(_("Will you come?"), _("Yes, I’ll come")),
    "decline": Question(_("Say no to this seat?"), _("No thanks")),
    "colleague": Question(_("Invite this colleague?"), _("Invite")),
    "choose": Question(_("Save these choices?"), _("Save my choices")),
    "interest": Question(_("Shall we tell you when there are dates?"), _("Tell me when there are dates")),
    "stop": Question(_("No email about this?"), _("Don’t email me")),
}
ANYTHING = Question(_("Send it now?"), _("Send it now"))
WORKS_SIGNED_OUT = {"sign_up", "wait_for_date", "wait", "choose", "interest", "offer_link", "cancel_link", "keep_link"}


@never_cache
def ask_again(request: HttpRequest, reason: str = "") -> HttpResponse:  # Django passes it by this name
    """Our `CSRF_FAILURE_VIEW`, for a form with the token of another sign-in, and our answer to a form that needs
    signing in first.
    Only a form that one of our own pages sent is shown again: otherwise a foreign page could put words into it.
    """
    context: dict[str, Any] = {"page_before": page_before(request)}
    if may_ask_again(request):
        context |= {
            "words": _question(request),
            "fields": [(name, value) for name, value in _fields(request) if name != "csrfmiddlewaretoken"],
            "written": [value for name, value in _fields(request) if name not in NOT_SHOWN and _is_text(value)],
            "about": _about(request),
            "signs_in_first": person_of(request) is None and _name(request) not in WORKS_SIGNED_OUT,
        }
    return render(request, "403_csrf.html", context, status=HTTPStatus.FORBIDDEN)


def may_ask_again(request: HttpRequest) -> bool:
    """A browser tells in `Origin` where a form comes from. If it does not, for example because the page hides it, we do
    not show the form again.
    """
    match = request.resolver_match
    is_page = match is not None and match.namespaces == ["registrations"]
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    is_from_here = urlsplit(sender).netloc == request.get_host()
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return request.method == "POST" and is_page and is_from_here and site == "same-origin" and not request.FILES


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name if match else None) or ""


def _question(request: HttpRequest) -> Question:
    name = _name(request)
    special = {"wait": "first", "interest": "stop"}.get(name, "")
    return WORDS.get(special if special in request.POST else name, ANYTHING)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values]


def _is_text(value: str) -> bool:
    """Returns whether somebody wrote this, as opposed to a key or the code of a button."""
    return " " in value.strip() or "@" in value


def _about(request: HttpRequest) -> Session | Event | None:
    """Returns the date or event that the button was about, if the reader may know of it."""
    person, match = person_of(request), request.resolver_match
    names = match.kwargs if match else {}
    if "slug" in names:
        return Event.objects.readable().filter(slug=names["slug"]).first()
    if "key" not in names or _name(request) not in WORDS:
        return None
    sessions = visible_to(Session.objects.readable().select_related("event", "venue"), person, timezone.now())
    if _name(request) in {"sign_up", "wait_for_date", "colleague"}:
        return sessions.filter(key=names["key"]).first()
    own = Registration.objects.of(person).filter(key=names["key"]) if person else Registration.objects.none()
    return sessions.filter(registrations__in=own).first()
