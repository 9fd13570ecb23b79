"""The filters of a list as links: every choice is an address, so nothing here needs a script."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from events.templatetags.sessions import day_and_month
from project.icons import icon

if TYPE_CHECKING:
    from django.template import RequestContext

    from registrations.forms import CatalogueFilter

register = template.Library()

CHOICE = '<li><a href="{}">{}</a></li>'
CHOSEN = '<li><a href="{}" aria-current="true">{}{}</a></li>'


@register.simple_tag(takes_context=True)
def narrowed(context: RequestContext, name: str, value: str) -> str:
    """Returns the URL of this list with one filter set, or removed if `value` is empty; back on its first page."""
    return _narrowed(_without(context, name), name, value)


@register.simple_tag(takes_context=True)
def choices(context: RequestContext, field: Any) -> SafeString:
    """Renders the choices of a filter as links to the list narrowed by each, "all" first. An unknown value selects
    none.
    """
    others, chosen = _without(context, field.name), chosen_label(field)
    links = []
    for value, label in field.field.choices:
        address = _narrowed(others, field.name, value)
        is_chosen = str(label) == chosen or not (value or chosen)
        links.append(
            format_html(CHOSEN, address, label, icon("check")) if is_chosen else format_html(CHOICE, address, label)
        )
    return SafeString("".join(links))


def _without(context: RequestContext, *names: str) -> str:
    query = context["request"].GET.copy()
    for name in ("page", *names):
        query.pop(name, None)
    return str(query.urlencode())


def _narrowed(others: str, name: str, value: str) -> str:
    return "?" + "&".join(part for part in (others, urlencode({name: value}) if value else "") if part)


@register.filter
def chosen_label(field: Any) -> str:
    """Returns the label of the selected choice of a filter, or an empty string if none is selected."""
    value = field.value() or ""
    return next((str(label) for choice, label in field.field.choices if choice and choice == value), "")


@register.filter
def period(filters: CatalogueFilter) -> str:
    """Returns the chosen days in words: "10 December – 12 December", "from 10 December". Empty if none are chosen."""
    first, last = filters.cleaned_data.get("from"), filters.cleaned_data.get("to")
    if first and last:
        return day_and_month(first) if first == last else f"{day_and_month(first)} – {day_and_month(last)}"
    if first:
        return gettext("from %(day)s") % {"day": day_and_month(first)}
    return gettext("until %(day)s") % {"day": day_and_month(last)} if last else ""


@register.simple_tag(takes_context=True)
def periods(context: RequestContext) -> SafeString:
    """Renders the periods that people ask for most as links, "any day" first."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    month_end = _first_of_next_month(today) - timedelta(days=1)
    next_month = month_end + timedelta(days=1)
    spans: list[tuple[Any, date | None, date | None]] = [
        (gettext("Any day"), None, None),
        (gettext("This week"), today, sunday),
        (gettext("Next week"), sunday + timedelta(days=1), sunday + timedelta(days=7)),
        (gettext("This month"), today, month_end),
        (gettext("Next month"), next_month, _first_of_next_month(next_month) - timedelta(days=1)),
    ]
    others, chosen = _without(context, "from", "to"), context["request"].GET
    links = []
    for label, first, last in spans:
        span = {"from": first.isoformat(), "to": last.isoformat()} if first and last else {}
        address = "?" + "&".join(part for part in (others, urlencode(span)) if part)
        is_chosen = (chosen.get("from", ""), chosen.get("to", "")) == (span.get("from", ""), span.get("to", ""))
        links.append(
            format_html(CHOSEN, address, label, icon("check")) if is_chosen else format_html(CHOICE, address, label)
        )
    return SafeString("".join(links))


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
