"""When and where a session is, in words. Filters and not fragments, because a catalogue page shows them thirty times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from events.models import Session

register = template.Library()


@register.filter
def when(session: Session) -> SafeString:
    """A date as people say it, in the session's own zone: "Thursday 12 March, 10:00-13:00"."""
    start = session.local_start
    return format_html(
        '<time datetime="{}">{}, <span class="nowrap">{}–{}</span></time>{}',
        _machine_readable(session),
        capfirst(format_date(start, "l j F")),
        _hour(start),
        _hour(session.local_end),
        _zone_note(session),
    )


@register.filter
def clock(session: Session) -> SafeString:
    """Only the hours, where a heading already names the day."""
    return format_html(
        '<time class="nowrap" datetime="{}">{}–{}</time>{}',
        _machine_readable(session),
        _hour(session.local_start),
        _hour(session.local_end),
        _zone_note(session),
    )


@register.filter
def place(session: Session) -> str:
    if session.venue and session.is_online:
        return gettext("%(venue)s and online") % {"venue": session.venue}
    if session.venue:
        return str(session.venue)
    return gettext("Online") if session.is_online else gettext("Place follows")


def _machine_readable(session: Session) -> str:
    """With its offset, so that a reader's machine need not guess the zone."""
    return session.starts_at.astimezone(session.zone).isoformat(timespec="minutes")


def _hour(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _zone_note(session: Session) -> str:
    """The zone is named only where it is not the reader's own (architecture.md, "Words")."""
    if session.timezone == settings.TIME_ZONE:
        return ""
    city = session.timezone.rpartition("/")[2].replace("_", " ")
    return " (" + gettext("%(city)s time") % {"city": city} + ")"
