"""How the pages put sessions and a reader's standing into words. Labels are defined here, because enums have none for
screens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from events.enums import SessionLanguage
from events.templatetags.sessions import clock, place_on_page
from events.templatetags.texts import line
from project.accounts.enums import Audience
from project.icons import icon
from registrations.services.refusals import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.template import RequestContext

    from events.models import Event, Session
    from registrations.models import Registration
    from registrations.rules import Standing

register = template.Library()

GROUPS = {
    Audience.STUDENT: gettext_lazy("students"),
    Audience.STAFF: gettext_lazy("staff"),
    Audience.PHD: gettext_lazy("PhD candidates"),
    Audience.MANAGER: gettext_lazy("managers"),
    Audience.GUEST: gettext_lazy("guests"),
}
SHORT_REFUSALS = {
    "attended": gettext_lazy("You have been to this"),
    "cancelled": gettext_lazy("Cancelled"),
    "closed": gettext_lazy("Closed"),
    "full-no-waitlist": gettext_lazy("Full"),
    "not-eligible": gettext_lazy("For another group"),
    "not-open-yet": gettext_lazy("Opens later"),
    "prerequisite-missing": gettext_lazy("Builds on another event"),
    "slot-taken": gettext_lazy("You have another seat"),
    "started": gettext_lazy("Has started"),
}


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


def _without(context: RequestContext, name: str) -> str:
    query = context["request"].GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    return str(query.urlencode())


def _narrowed(others: str, name: str, value: str) -> str:
    return "?" + "&".join(part for part in (others, urlencode({name: value}) if value else "") if part)


@register.filter
def chosen_label(field: Any) -> str:
    """Returns the label of the selected choice of a filter, or an empty string if none is selected."""
    value = field.value() or ""
    return next((str(label) for choice, label in field.field.choices if choice and choice == value), "")


@register.simple_tag(takes_context=True)
def for_whom(context: RequestContext, offer: Event | Session) -> str:
    """Returns who may come, in words: "students and staff at ME". Uses `unit_names` of the context, if present, to
    spell out units.
    """
    audiences = getattr(offer, "admitted_audiences", offer.audiences)
    units = getattr(offer, "admitted_units", offer.units)
    names: dict[str, str] = context.get("unit_names") or {}
    who = in_a_row([str(GROUPS[Audience(code)]) for code in audiences])
    where = in_a_row([names.get(code, code.upper()) for code in units])
    if not units:
        return who or gettext("everyone")
    return gettext("%(who)s at %(where)s") % {"who": who or gettext("everyone"), "where": where}


@register.simple_tag(takes_context=True)
def facts(context: RequestContext, session: Session) -> SafeString:
    """Renders where a date is, in which language and for whom, in one line."""
    shown = [place_on_page(session), str(SessionLanguage(session.language).label)]
    if is_restricted(session):
        shown.append(gettext("For %(whom)s") % {"whom": for_whom(context, session)})
    return SafeString(" · ".join(conditional_escape(each) for each in shown))


def _part_of(session: Session) -> SafeString | str:
    """Renders the event before the facts, if the date has a title of its own."""
    is_named = session.title_en or session.title_nl
    return SafeString(f"{line(session.event, 'title')} · ") if is_named and session.has_own_title else ""


@register.filter
def is_restricted(session: Session) -> bool:
    return bool(session.admitted_audiences or session.admitted_units)


@register.filter
def duration(session: Session) -> str:
    """Returns the duration as people say it: "3 hours", "1 hour and 30 minutes"."""
    hours, rest = divmod(session.ends_at - session.starts_at, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    parts = []
    if hours:
        parts.append(ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours})
    if minutes:
        parts.append(ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes})
    return in_a_row(parts)


@register.filter
def languages(standings: Iterable[Standing]) -> str:
    """Returns the languages of all the dates together: "Dutch and English" if some are in one and some in the other."""
    spoken = sorted({code for row in standings for code in row.session.language.split("+")})
    return in_a_row([str(SessionLanguage(code).label) for code in spoken])


@register.simple_tag(takes_context=True)
def session_row(context: RequestContext, row: Standing) -> SafeString:
    """Renders one line of the catalogue, from parts that are escaped already. A function, because a page shows thirty
    of them and template nodes would cost more than what they render.
    """
    session = row.session
    what = f'<a class="session-title" href="{session.get_absolute_url()}">{line(session, "title")}</a>'
    meta = f'<span class="session-meta">{_part_of(session)}{facts(context, session)}</span>'
    return SafeString(
        f'<li class="session"><span class="session-when">{clock(session)}</span>'
        f'<span class="session-what">{what}{meta}</span><span class="session-state">{state(row)}</span>'
        f'<span class="session-go">{icon("arrow")}</span></li>'
    )


@register.filter
def state(row: Standing) -> SafeString:
    """Renders the reader's standing on one session in a few words: their own claim first, then why not, then seats."""
    look, drawing, words = _own_state(row) or _closed_state(row) or _seats_state(row)
    return SafeString(f'<span class="state{look}">{icon(drawing) if drawing else ""}{escape(words)}</span>')


def _own_state(row: Standing) -> tuple[str, str, str] | None:
    if row.registration is None:
        return None
    if row.has_seat:
        return " state-ok", "check", gettext("You have a seat")
    if row.is_offered:
        return " state-wait", "seat", gettext("A seat for you?")
    if row.can_take_now:
        return " state-wait", "seat", gettext("A seat is free")
    if row.is_requested:
        return " state-wait", "hourglass", gettext("Waits for approval")
    return (" state-wait", "hourglass", _place_in_queue(row.registration)) if row.is_waiting else None


def _place_in_queue(registration: Registration) -> str:
    """Includes the number if it was queried and may be told."""
    number: int | None = getattr(registration, "place", None)
    return gettext("You are number %(place)s") % {"place": number} if number else gettext("You are waiting")


def _closed_state(row: Standing) -> tuple[str, str, str] | None:
    if row.refusal == "not-eligible":
        return "", "lock", short_refusal(row.refusal)
    if row.refusal == "cancelled":
        return " state-warn", "close", gettext("Cancelled")
    return ("", "", short_refusal(row.refusal)) if row.refusal and not row.can_swap else None


def _seats_state(row: Standing) -> tuple[str, str, str]:
    if row.is_full:
        return ("", "hourglass", gettext("Full, you can wait")) if row.can_choose else ("", "", gettext("Full"))
    seats = row.shown_seats_left
    if seats is None:
        return "", "", gettext("Seats available")
    return " num", "", ngettext("%(seats)s seat left", "%(seats)s seats left", seats) % {"seats": seats}


@register.filter
def refusal_text(code: str) -> str:
    return str(REFUSALS.get(code, ""))


@register.filter
def short_refusal(code: str) -> str:
    return str(SHORT_REFUSALS.get(code, ""))


def in_a_row(words: list[str]) -> str:
    """Joins words as people list things: "a", "a and b", "a, b and c"."""
    if len(words) < 2:  # noqa: PLR2004  # nothing to join
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
