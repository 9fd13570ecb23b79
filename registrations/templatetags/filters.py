"""The filters of a list as links: every choice is an address, so nothing here needs a script."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from events.models.timezones import end_of_month
from events.templatetags.sessions import day_and_month
from project.icons import icon
from project.web.queries import with_query

if TYPE_CHECKING:
    from django.template import RequestContext

    from registrations.forms import CatalogueFilter

register = template.Library()

CHOICE = '<li><a href="{}">{}</a></li>'
CHOSEN = '<li><a href="{}" aria-current="true">{}{}</a></li>'


@register.simple_tag(takes_context=True)
def narrowed(context: RequestContext, name: str, value: str) -> str:
    """Returns the URL of this list with one filter set, or removed if `value` is empty; back on its first page."""
    return _with(context, {name: value})


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, name: str, value: str, *without: str) -> str:
    """The same, to be appended to the address of another list, which knows no filter `without`: empty if nothing is
    left.
    """
    return with_query(context["request"].GET, dict.fromkeys((*without, "page"), "") | {name: value})


@register.simple_tag(takes_context=True)
def any_day(context: RequestContext) -> str:
    """Returns the URL of this list without a period."""
    return _with(context, dict.fromkeys(("from", "to"), ""))


@register.simple_tag(takes_context=True)
def hidden_fields(context: RequestContext, *without: str) -> SafeString:
    """Renders what a form passes on from the URL of the list: everything but the fields it has itself, and the page."""
    query = context["request"].GET
    field = '<input type="hidden" name="{}" value="{}">'
    kept = ((name, value) for name in query if name not in (*without, "page") for value in query.getlist(name))
    return format_html_join("", field, kept)


@register.simple_tag(takes_context=True)
def choices(context: RequestContext, field: Any) -> SafeString:
    """Renders the choices of a filter as links to the list narrowed by each, "all" first. An unknown value selects
    none.
    """
    chosen, links = chosen_label(field), []
    for value, label in field.field.choices:
        is_chosen = str(label) == chosen or not (value or chosen)
        links.append(_choice(_with(context, {field.name: value}), label, is_chosen=is_chosen))
    return SafeString("".join(links))


def _choice(address: str, label: Any, *, is_chosen: bool) -> SafeString:
    return format_html(CHOSEN, address, label, icon("check")) if is_chosen else format_html(CHOICE, address, label)


def _with(context: RequestContext, values: dict[str, str]) -> str:
    return with_query(context["request"].GET, values | {"page": ""}) or "?"


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
    sunday = today + timedelta(days=6 - today.weekday())
    month_end = end_of_month(today)
    next_month = month_end + timedelta(days=1)
    spans = [
        (gettext("Any day"), dict.fromkeys(("from", "to"), "")),
        (gettext("This week"), _span(today, sunday)),
        (gettext("Next week"), _span(sunday + timedelta(days=1), sunday + timedelta(days=7))),
        (gettext("This month"), _span(today, month_end)),
        (gettext("Next month"), _span(next_month, end_of_month(next_month))),
    ]
    query = context["request"].GET
    chosen = {name: query.get(name, "") for name in ("from", "to")}
    return SafeString("".join(_choice(_with(context, span), label, is_chosen=span == chosen) for label, span in spans))


def _span(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}
