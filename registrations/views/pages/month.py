from __future__ import annotations

from calendar import MONDAY, Calendar
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models.timezones import end_of_month
from project.web.cache_control import kept_by_visitors
from project.web.queries import with_query
from registrations.forms import CatalogueFilter
from registrations.services.pages import catalogue
from registrations.services.pages.standings import standings
from registrations.views.pages.listing import by_day
from registrations.views.people import person_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registrations.rules import Standing

FIRST_YEAR = 2000


@dataclass(frozen=True)
class Day:
    """A cell of the month. Days of the months around it have no rows."""

    date: date
    is_in_month: bool
    is_today: bool
    rows: list[Standing]


@require_safe
def this_month(request: HttpRequest) -> HttpResponse:
    return redirect(_with_query(request, timezone.localdate()))


@require_safe
@kept_by_visitors
def index(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """The sessions of one month by week (product C1), with the filters of the list. A month that nobody could mean is
    404.
    """
    first, last = _span(int(year), int(month))
    now, person, units = timezone.now(), person_of(request), catalogue.units()
    filters = CatalogueFilter(request.GET, units=units, person=person)
    found = filters.narrow(catalogue.between(first, last, now), now=now, but=("from", "to"))
    shown = dict(by_day(standings(sessions=list(found), person=person, now=now)))
    context = {
        "filters": filters,
        "first": first,
        "weeks": _weeks(first, shown),
        "previous": _with_query(request, first - timedelta(days=1)),
        "next": _with_query(request, last + timedelta(days=1)),
        "has_dates": bool(shown),
    }
    return render(request, "registrations/pages/catalogue/month.html", context)


def _span(year: int, month: int) -> tuple[date, date]:
    if not (FIRST_YEAR <= year < MAXYEAR and 1 <= month <= 12):  # noqa: PLR2004  # the months of a year
        raise Http404
    first = date(year, month, 1)
    return first, end_of_month(first)


def _weeks(first: date, shown: dict[date, list[Standing]]) -> list[tuple[int, list[Day]]]:
    """Returns each week with its number by ISO 8601, from Monday to Sunday."""
    today = timezone.localdate()
    return [
        (
            week[0].isocalendar().week,
            [Day(day, day.month == first.month, day == today, shown.get(day, [])) for day in week],
        )
        for week in Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    ]


def _with_query(request: HttpRequest, day: date) -> str:
    """Returns the address of the month of this day, with the filters kept."""
    address = reverse("registrations:month", args=[f"{day.year:04}", f"{day.month:02}"])
    return address + with_query(request.GET, {})
