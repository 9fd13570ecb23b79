"""When and where a session is, in words. Filters, because a catalogue page shows thirty and includes are slow."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from events.models.timezones import ends_on_another_day, in_words, whole_days
from project.text.prose import with_isolates
from project.text.texts import isolated

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

    from events.models import Session

register = template.Library()
KEPT = 1000  # entries of each cache
LONGEST_EVENING = timedelta(hours=12)  # "21:15–00:15" is understood without the day after
DAYS_OF_A_WEEK = 7
NEAR = {0: gettext_lazy("Today"), 1: gettext_lazy("Tomorrow")}
FURTHEST_COUNTED = 30  # days: "in 58 days" tells nobody anything


@register.filter
def when(session: Session) -> SafeString:
    """Returns a date as people say it, in the session's time zone: "Thursday 12 March, 10:00-13:00"."""
    start = session.starts_at.astimezone(session.zone)
    return format_html(
        '<time datetime="{}">{}, <span class="nowrap">{}</span></time>{}',
        _machine_readable(start),
        day(start),
        _spoken(session.starts_at, session.ends_at, session.timezone, get_language()),
        _zone_note(session),
    )


@register.filter
def clock(session: Session) -> SafeString:
    """Returns only the hours, for lists in which a heading names the day."""
    hours, note = _hours(session.starts_at, session.ends_at, session.timezone, get_language()), _zone_note(session)
    return format_html("{}{}", hours, note) if note else hours


@register.filter
def start_of(session: Session) -> str:
    """Returns the hour at which a date starts, for a month in which there is no room for more."""
    return _hour(session.local_start)


@lru_cache(maxsize=KEPT)
def _hours(starts_at: datetime, ends_at: datetime, timezone: str, language: str | None) -> SafeString:
    start = starts_at.astimezone(ZoneInfo(timezone))
    hours = '<time class="nowrap" datetime="{}">{}</time>'
    return format_html(hours, _machine_readable(start), _spoken(starts_at, ends_at, timezone, language))


@lru_cache(maxsize=KEPT)
def _spoken(starts_at: datetime, ends_at: datetime, timezone: str, _language: str | None) -> str:
    """Returns "10:00–12:00", with the day of the end if it is another, or "whole day"."""
    start, end = (moment.astimezone(ZoneInfo(timezone)) for moment in (starts_at, ends_at))
    if days := whole_days(starts_at, ends_at, timezone):
        return (
            gettext("whole day") if days[0] == days[1] else gettext("whole days, until %(day)s") % {"day": day(days[1])}
        )
    if ends_on_another_day(start, end) and ends_at - starts_at > LONGEST_EVENING:
        return f"{_hour(start)} – {day(end)}, {_hour(end)}"
    return f"{_hour(start)}–{_hour(end)}"


@register.filter
def day(moment: date) -> str:
    """Returns a day as people say it: "Thursday 12 March". The same as Django's "l j F", but cached."""
    return _day(moment.year, moment.month, moment.day, get_language())


@register.filter
def day_heading(moment: date) -> SafeString:
    """Returns the heading of a day: "Today" or "Tomorrow" with the date, else the date and how far away it is."""
    return _day_heading(moment, _days_until(moment), get_language())


@lru_cache(maxsize=KEPT)
def _day_heading(moment: date, days: int, _language: str | None) -> SafeString:
    if days in NEAR:
        return format_html("{} <small>{}</small>", NEAR[days], _in_a_sentence(moment))
    away = _away(days)
    return format_html("{} <small>{}</small>", day(moment), away) if away else format_html("{}", day(moment))


@register.simple_tag
def see_you(session: Session) -> str:
    """Returns a warm line for somebody with a seat: "See you tomorrow.", "See you on Thursday." Empty once the session
    has begun; the date itself stands beside it, so from a week on it says no day.
    """
    if session.starts_at <= timezone.now():
        return ""
    days = _days_until(session.local_start.date())
    if days in NEAR:
        return gettext("See you today.") if days == 0 else gettext("See you tomorrow.")
    if days < DAYS_OF_A_WEEK:
        return gettext("See you on %(weekday)s.") % {"weekday": WEEKDAYS[session.local_start.weekday()]}
    return gettext("See you then.")


@register.filter
def in_how_many_days(session: Session) -> str:
    """Returns "today", "tomorrow" or "in 3 days"; empty for sessions that are further away or over."""
    return _away(_days_until(session.local_start.date()))


def _in_a_sentence(moment: date) -> str:
    """Returns the day without a capital where the language writes none: "zaterdag 28 november"."""
    return f"{WEEKDAYS[moment.weekday()]} {day_and_month(moment)}"


def _days_until(moment: date) -> int:
    return (moment - timezone.localdate()).days


def _away(days: int) -> str:
    if days in NEAR:
        return str(NEAR[days])
    if not 0 < days <= FURTHEST_COUNTED:
        return ""
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


@lru_cache(maxsize=KEPT)
def _day(year: int, month: int, number: int, _language: str | None) -> str:
    return capfirst(f"{WEEKDAYS[date(year, month, number).weekday()]} {number} {MONTHS[month]}")


def day_and_month(moment: date) -> str:
    return f"{moment.day} {MONTHS[moment.month]}"


@register.filter(name="place")
def place_on_page(session: Session) -> SafeString:
    """Returns the place, isolated: a room's name in a right-to-left script does not reorder the words around it."""
    return with_isolates(_place(session, isolated(session.place)))


def place(session: Session) -> str:
    return _place(session, session.place)


def _place(session: Session, venue: str) -> str:
    if session.venue and session.is_online:
        return gettext("%(venue)s and online") % {"venue": venue}
    if session.venue:
        return venue
    return gettext("Online") if session.is_online else gettext("Place to be announced")


def _machine_readable(start: datetime) -> str:
    """Includes the offset, so that software need not guess the time zone."""
    return start.isoformat(timespec="minutes")


def _hour(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def _zone_note(session: Session) -> str:
    """Names the time zone if the place, or the reader of an online session, may be in another one."""
    if session.timezone == settings.TIME_ZONE and not session.is_online:
        return ""
    return f" ({in_words(session.timezone, session.starts_at)})"
