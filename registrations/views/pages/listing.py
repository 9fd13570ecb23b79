"""What is on, by day or by series, and help where nothing is found."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from project.accounts.services import preferences
from project.web.cache_control import kept_by_visitors
from project.web.queries import with_query
from registrations.forms import CatalogueFilter
from registrations.services.attending import interest
from registrations.services.pages import catalogue, series, suggestions
from registrations.services.pages.standings import standings
from registrations.views.pages.catalogue import unit_names
from registrations.views.people import back, me, person_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse

    from events.querysets import SessionQuerySet
    from registrations.rules import Standing

LONGEST_PAGE_NUMBER = 3  # nobody reads a thousand pages, and Python refuses to read a number of thousands of digits


@require_safe
@kept_by_visitors
def index(request: HttpRequest) -> HttpResponse:
    """What is on (product C1): the upcoming sessions by day, or by series."""
    now, person = timezone.now(), person_of(request)
    units, page = catalogue.units(), _page(request)
    filters = CatalogueFilter(request.GET, units=units, person=person)
    is_narrowed = filters.narrows()
    shown = _series(filters, page, now) if filters.is_by_series else _days(filters, page, now)
    if page > 1 and not shown["is_found"]:
        raise Http404
    pager = _pager(request, page, has_next=shown["has_more"])
    context = shown | {"filters": filters, "unit_names": unit_names(units), "pager": pager}
    if is_narrowed and not shown["is_found"]:
        context["instead"] = _instead(filters, now)
    response = render(request, "registrations/pages/catalogue/catalogue.html", context)
    if filters.asks_for_help:
        patch_cache_control(response, private=True, no_store=True)  # others may use this browser
    return response


@require_POST
@login_required
def only_for_me(request: HttpRequest) -> HttpResponse:
    """Lists only what is for this person from now on, or everything again; the lists come back with their filters."""
    change = preferences.list_only_eligible if "on" in request.POST else preferences.list_everything
    change(person=me(request))
    return back(request, otherwise=reverse("registrations:catalogue"))


def by_day(rows: list[Standing]) -> list[tuple[date, list[Standing]]]:
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row.session.local_start.date())]


def _days(filters: CatalogueFilter, page: int, now: datetime) -> dict[str, Any]:
    if page > 1 or filters.narrows():
        found = filters.narrow(catalogue.upcoming(now), now=now)
        rows = catalogue.page_of(found, page=page, person=filters.person, now=now)
    else:
        rows = catalogue.first_page(person=filters.person, now=now)
    days = by_day(standings(sessions=rows[: catalogue.PAGE_SIZE], person=filters.person, now=now))
    return {"is_found": bool(days), "days": days, "has_more": len(rows) > catalogue.PAGE_SIZE}


def _series(filters: CatalogueFilter, page: int, now: datetime) -> dict[str, Any]:
    found = filters.narrow(catalogue.upcoming(now), now=now)
    events = series.page_of(found, page=page, person=filters.person, now=now)
    shown = events[: series.PAGE_SIZE]
    return {"is_found": bool(shown), "series": shown, "has_more": len(events) > series.PAGE_SIZE}


def _instead(filters: CatalogueFilter, now: datetime) -> dict[str, Any]:
    """What somebody who found nothing may want: other days, events that are alike, news of what has no dates yet."""
    person, chosen = filters.person, filters.cleaned_data

    def all_but(*fields: str) -> SessionQuerySet:
        return filters.narrow(catalogue.upcoming(now), now=now, but=fields)

    first, last, words, kind = (chosen.get(name) for name in ("from", "to", "q", "kind"))
    days = suggestions.on_other_days(all_but("from", "to"), first, last, person=person, now=now)
    alike = [] if days else suggestions.alike(all_but("q", "from", "to"), words or "", person=person, now=now)
    undated = suggestions.undated(interest.without_dates(now), words or "", kind or "")
    asked = interest.interesting_to(events=undated, person=person) if undated else set()
    return {"days": by_day(days), "series": alike, "undated": [(event, event.pk in asked) for event in undated]}


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not text.isdecimal() or len(text) > LONGEST_PAGE_NUMBER or int(text) < 1:
        raise Http404
    return int(text)


def _pager(request: HttpRequest, page: int, *, has_next: bool) -> dict[str, Any]:
    """Links to the previous and next page, with the filters kept; no total, which would cost a query of its own."""
    links = {
        name: with_query(request.GET, {"page": str(number)}) if exists else ""
        for name, number, exists in (("previous", page - 1, page > 1), ("next", page + 1, has_next))
    }
    return {"page": page, **links}
