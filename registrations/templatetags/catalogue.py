"""The list of what is on. A function renders it, because template nodes would cost more than what they render."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from events.enums import EventKind
from events.templatetags.marks import mark
from events.templatetags.sessions import clock, day, day_heading
from events.templatetags.texts import line
from project.icons import icon
from registrations.templatetags.standings import facts, state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.template import RequestContext

    from events.models import Session
    from registrations.rules import Standing

register = template.Library()


@register.simple_tag(takes_context=True)
def rows_by_day(context: RequestContext, days: Iterable[tuple[date, Iterable[Standing]]]) -> SafeString:
    """Renders a heading for each day and a row for each of its sessions, from parts that are escaped already."""
    return SafeString(
        "".join(
            f'<h2 class="day">{day_heading(date)}</h2>'
            f'<ul class="rows">{"".join(_row(context, row, date) for row in rows)}</ul>'
            for date, rows in days
        )
    )


def _row(context: RequestContext, row: Standing, date: date) -> str:
    session = row.session
    when = f'<span class="visually-hidden">, {day(date)}</span>'  # links by themselves tell dates apart
    what = f'<a class="session-title" href="{session.get_absolute_url()}">{line(session, "title")}{when}</a>'
    kind = _kind(session.event.kind, get_language())
    meta = f'<span class="session-meta">{kind} · {_part_of(session)}{facts(context, session)}</span>'
    return (
        f'<li class="session session-marked">{mark(session.event.kind)}'
        f'<span class="session-when">{clock(session)}</span>'
        f'<span class="session-what">{what}{meta}</span><span class="session-state">{state(row)}</span>'
        f'<span class="session-go">{icon("arrow")}</span></li>'
    )


@lru_cache(maxsize=20)
def _kind(kind: str, _language: str | None) -> str:
    return str(EventKind(kind).label)


def _part_of(session: Session) -> str:
    """Renders the event before the facts, if the date has a title of its own."""
    is_named = session.title_en or session.title_nl
    return f"{line(session.event, 'title')} · " if is_named and session.has_own_title else ""
