from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.enums import InitiativeCategory
from events.models import Initiative
from events.schemas import initiatives_sheet
from project.accounts.models import Unit
from project.spreadsheets import CSV, as_csv
from project.web.cache_control import kept_by_visitors

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@kept_by_visitors
def initiative_list(request: HttpRequest) -> HttpResponse:
    """The full overview, by category. Ignores a filter with an unknown value."""
    units = list(Unit.objects.filter(initiatives__isnull=False).distinct())
    unit = next((unit for unit in units if unit.code == request.GET.get("unit")), None)
    category = next((one for one in InitiativeCategory if one.value == request.GET.get("category")), None)
    initiatives = Initiative.objects.listed(unit=unit, category=category)
    by_category = groupby(initiatives, key=lambda initiative: initiative.category)
    context = {
        "categories": [(InitiativeCategory(code).label, list(inside)) for code, inside in by_category],
        "category_choices": InitiativeCategory,
        "units": units,
        "unit": unit,
        "category": category,
    }
    return render(request, "events/initiative_list.html", context)


@require_safe
def initiative_export(request: HttpRequest) -> HttpResponse:
    sheet = initiatives_sheet(Initiative.objects.listed(unit=None, category=None))
    headers = {"Content-Disposition": 'attachment; filename="initiatives.csv"'}
    return HttpResponse(as_csv(sheet), content_type=CSV, headers=headers)
