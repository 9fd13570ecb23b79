"""An event and its dates on one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from events.enums import SessionLanguage
from events.templatetags.sessions import when
from project.icons import icon
from registrations.rules import is_spoken
from registrations.templatetags.standings import language_of, standing_of

if TYPE_CHECKING:
    from datetime import date

    from registrations.rules import Standing
    from registrations.services.pages.series import Series

register = template.Library()
MOST_CHIPS = 8


@register.filter
def how_many(series: Series) -> str:
    """Returns "13 dates"; of a conference, whose sessions are parts of a day, "8 sessions"."""
    if series.is_conference:
        return ngettext("%(number)d session", "%(number)d sessions", series.number) % {"number": series.number}
    return ngettext("%(number)d date", "%(number)d dates", series.number) % {"number": series.number}


@register.filter
def almost_full(series: Series) -> str:
    """Returns "2 almost full", "All full – waiting list open", or nothing."""
    if series.is_full:
        return gettext("all full")
    number = series.almost_full
    return ngettext("%(number)d almost full", "%(number)d almost full", number) % {"number": number} if number else ""


@register.simple_tag
def next_date(series: Series) -> dict[str, object]:
    """Returns the next date for the reader, with how to announce it: "Next in English", or if an earlier one is full
    "Next with a seat in English".
    """
    reader = (get_language() or SessionLanguage.ENGLISH)[:2]
    row, skips_full = series.next_in(reader)
    spoken = SessionLanguage(reader).label if is_spoken(row.session, reader) else language_of(row.session)
    words = gettext("Next with a seat in %(language)s") if skips_full else gettext("Next in %(language)s")
    return {"row": row, "words": words % {"language": spoken}}


@register.simple_tag
def date_chips(series: Series) -> SafeString:
    """Renders the nearest dates as links, each with its language if they differ, and with what hinders or helps; then
    how many more there are.
    """
    rows = series.days if series.is_conference else series.rows
    differ = len({row.session.language for row in rows}) > 1 and not series.is_conference
    chips = [_chip(series, row, says_language=differ) for row in rows[:MOST_CHIPS]]
    more = len(rows) - MOST_CHIPS if series.is_conference else series.number - MOST_CHIPS
    if more > 0:
        words = ngettext("%(number)d more", "%(number)d more", more) % {"number": more}
        chips.append(format_html('<li><a class="chip" href="{}#dates">{}</a></li>', _address(series), words))
    return SafeString("".join(chips))


def _chip(series: Series, row: Standing, *, says_language: bool) -> SafeString:
    session = row.session
    address = _address(series) if series.is_conference else session.get_absolute_url()
    look, drawing, words = standing_of(row)
    said = [language_of(session)] if says_language else []
    said += [] if series.is_conference else [words]
    return format_html(
        '<li><a class="chip{}" href="{}">{}{}{}<span class="visually-hidden">, {}</span></a></li>',
        "" if series.is_conference else look,
        address,
        icon(drawing) if drawing and not series.is_conference else "",
        _short(session.local_start.date()),
        format_html(' <small aria-hidden="true">{}</small>', session.language.upper()) if says_language else "",
        ", ".join(said) or when(session),
    )


def _short(day: date) -> str:
    """Returns "Thu 3 Dec", with a capital for the month where the language writes one."""
    month = str(MONTHS_3[day.month])
    month = capfirst(month) if str(MONTHS[day.month])[:1].isupper() else month
    return capfirst(f"{WEEKDAYS_ABBR[day.weekday()]} {day.day} {month}")


def _address(series: Series) -> str:
    return series.event.get_absolute_url()
