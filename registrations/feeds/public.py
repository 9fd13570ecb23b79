"""The feeds that anybody may subscribe to: all dates, those open to one unit, those of one kind; and all dates as
news.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.enums import EventKind
from events.models import Session
from project.accounts.models import Unit
from registrations.feeds import atom, calendars, entries, stamps
from registrations.feeds.answers import ATOM, Source, answer, missing
from registrations.feeds.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from events.querysets import SessionQuerySet

LONGEST = 2_500  # dates on each side of today: more do not fit into the size that calendar programs take
MAX_FEED_ENTRIES = 100


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    return _calendar(request, Session.objects.all(), about="")


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """What people of this unit can attend, as in the catalogue with the same filter."""
    found = Unit.objects.filter(code=code).first()
    if found is None:
        return missing()
    with translation.override(_language(request)):
        return _calendar(request, Session.objects.admitting_unit(code), about=found.name, name=f"unit {code}")


@require_safe
def kind(request: HttpRequest, code: str) -> HttpResponse:
    if code.upper() not in EventKind.values or not code.islower():
        return missing()
    with translation.override(_language(request)):
        about = str(EventKind(code.upper()).label)
    return _calendar(request, Session.objects.filter(event__kind=code.upper()), about=about, name=f"kind {code}")


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The dates that were added or changed most recently, for feed readers."""
    span, language = Span.around(timezone.now()), _language(request)
    address = f"{settings.BASE_URL}{request.path}" + (f"?lang={language}" if "lang" in request.GET else "")
    stamp = stamps.of_programme(span, "news", address, language)

    def make() -> bytes:
        with translation.override(language):
            newest = _coming(Session.objects.all(), span).order_by("-changed_at", "-pk")[:MAX_FEED_ENTRIES]
            return atom.written(_name(), newest, address=address, today=span.today)

    return answer(request, Source(stamp=stamp, make=make, content_type=ATOM, file_name="samen.atom", language=language))


def _calendar(request: HttpRequest, sessions: SessionQuerySet, *, about: str, name: str = "events") -> HttpResponse:
    span, language = Span.around(timezone.now()), _language(request)
    stamp = stamps.of_programme(span, name, about, language)

    def make() -> bytes:
        with translation.override(language):
            found = (entries.public(session) for session in _nearest(sessions, span))
            return calendars.written(_name(about), found, today=span.today)

    return answer(request, Source(stamp=stamp, make=make, language=language))


def _nearest(sessions: SessionQuerySet, span: Span) -> Iterable[Session]:
    """Upcoming dates first, then past ones; the farthest come last and are dropped first if not everything fits."""
    near = _announced(sessions, span)
    past = near.filter(ends_at__lt=span.today).order_by("-starts_at", "-pk")
    return chain(_coming(sessions, span).order_by("starts_at", "pk")[:LONGEST], past[:LONGEST])


def _coming(sessions: SessionQuerySet, span: Span) -> SessionQuerySet:
    return _announced(sessions, span).filter(ends_at__gte=span.today)


def _announced(sessions: SessionQuerySet, span: Span) -> SessionQuerySet:
    announced = sessions.announced(first=span.first, last=span.last, today=span.today)
    return announced.select_related("event", "venue", "round")


def _name(about: str = "") -> str:
    return f"Samen: {about}" if about else _("Samen at %(university)s") % {"university": settings.UNIVERSITY}


def _language(request: HttpRequest) -> str:
    """Taken from the URL, never from the request headers: a calendar service fetches for many people at once."""
    asked = request.GET.get("lang", settings.LANGUAGE_CODE)
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
