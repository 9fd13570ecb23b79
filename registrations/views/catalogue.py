from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models import Event, Session
from project.accounts.models import Unit
from registrations.forms import CatalogueFilter
from registrations.querysets import annotate_seats
from registrations.services.standings import standings
from registrations.views.visitors import person_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from registrations.rules import Standing

PAGE_SIZE = 30
LONGEST_PAGE_NUMBER = 3  # nobody reads a thousand pages, and Python refuses to read a number of thousands of digits


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is on (product C1): the sessions that still come, by day."""
    now, person = timezone.now(), person_of(request)
    units = list(Unit.objects.all())
    filters = CatalogueFilter(request.GET, units=units)
    upcoming = filters.narrow(Session.objects.listed().upcoming(now).select_related("event", "venue"))
    counted = filters.narrow_counted(annotate_seats(upcoming).order_by("starts_at", "pk"))
    page = _page(request)
    first = (page - 1) * PAGE_SIZE
    rows = list(counted[first : first + PAGE_SIZE + 1])
    context = {
        "filters": filters,
        "unit_names": unit_names(units),
        "days": by_day(standings(sessions=rows[:PAGE_SIZE], person=person, now=now)),
        "pager": _pager(request, page, has_next=len(rows) > PAGE_SIZE),
    }
    return render(request, "registrations/catalogue.html", context)


@require_safe
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One event with its dates and how the reader stands to each."""
    now, person = timezone.now(), person_of(request)
    event = get_object_or_404(Event.objects.readable().select_related("owner"), slug=slug)
    upcoming = Session.objects.filter(event=event).upcoming(now).select_related("event", "venue", "round")
    counted = annotate_seats(upcoming).order_by("starts_at", "pk")
    rows = standings(sessions=counted, person=person, now=now)
    context = {"event": event, "standings": rows, "mine": mine(rows), "next_open": next_open(rows)}
    context["unit_names"] = unit_names(Unit.objects.all())
    return render(request, "registrations/event_detail.html", context)


@require_safe
def session_detail(request: HttpRequest, key: UUID) -> HttpResponse:
    """One date of an event."""
    now, person = timezone.now(), person_of(request)
    found = annotate_seats(Session.objects.readable().filter(key=key).select_related("event__owner", "venue", "round"))
    session = get_object_or_404(found)
    row = standings(sessions=[session], person=person, now=now)[0]
    context = {"session": session, "event": session.event, "row": row, "unit_names": unit_names(Unit.objects.all())}
    return render(request, "registrations/session_detail.html", context)


def unit_names(units: Iterable[Unit]) -> dict[str, str]:
    """The rules of a session name units by their codes; people know them by their names."""
    return {unit.code: unit.name for unit in units}


def mine(rows: Iterable[Standing]) -> list[Standing]:
    return [row for row in rows if row.registration or row.just_cancelled]


def next_open(rows: Iterable[Standing]) -> Standing | None:
    """The date whose button stays in reach on a phone: the first with a seat, else the first that can be waited for."""
    open_rows = [row for row in rows if row.can_sign_up]
    return next((row for row in open_rows if not row.is_full), open_rows[0] if open_rows else None)


def by_day(rows: list[Standing]) -> list[tuple[date, list[Standing]]]:
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row.session.local_start.date())]


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not text.isdecimal() or len(text) > LONGEST_PAGE_NUMBER or int(text) < 1:
        raise Http404
    return int(text)


def _pager(request: HttpRequest, page: int, *, has_next: bool) -> dict[str, Any]:
    """Links to the pages beside this one, with the filters kept; no total, which would cost a query of its own."""
    query = request.GET.copy()
    links: dict[str, str] = {}
    for name, number, exists in (("previous", page - 1, page > 1), ("next", page + 1, has_next)):
        query["page"] = str(number)
        links[name] = f"?{query.urlencode()}" if exists else ""
    return {"page": page, **links}
