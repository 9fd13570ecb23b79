"""How the pages put sessions and a reader's standing into words. Labels are defined here, because enums have none for
screens.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from events.enums import SessionLanguage
from events.models import Session
from events.templatetags.sessions import place_on_page, when
from project.accounts.enums import Audience
from project.icons import icon
from registrations.services.refusals import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.template import RequestContext

    from events.models import Event
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
FEW = 3  # seats left, said a little louder


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
def facts(context: RequestContext, session: Session, *, names_whom: bool = True) -> SafeString:
    """Renders where a date is, in which language and for whom, in one line. `names_whom` is False where the page has
    said for whom all of its dates are.
    """
    shown = [place_on_page(session), language_of(session)]
    if names_whom and is_restricted(session):
        shown.append(gettext("For %(whom)s") % {"whom": for_whom(context, session)})
    return SafeString(" · ".join(conditional_escape(each) for each in shown))


def language_of(session: Session) -> str:
    return _label(session.language, get_language())


@lru_cache(maxsize=20)
def _label(language: str, _reader: str | None) -> str:
    return str(SessionLanguage(language).label)


@register.filter
def is_restricted(session: Session) -> bool:
    return bool(session.admitted_audiences or session.admitted_units)


@register.filter
def duration(session: Session) -> str:
    """Returns the duration as people say it: "3 hours", "1 hour and 30 minutes"."""
    return _lasting(session.ends_at - session.starts_at)


@register.filter
def durations(standings: Iterable[Standing]) -> str:
    """Returns how long the dates last: "3 hours", or "2 hours to 3 hours" if they differ."""
    lengths = {row.session.ends_at - row.session.starts_at for row in standings}
    shortest, longest = min(lengths), max(lengths)
    if shortest == longest:
        return _lasting(shortest)
    return gettext("%(shortest)s to %(longest)s") % {"shortest": _lasting(shortest), "longest": _lasting(longest)}


@register.filter
def as_one_day(standings: Sequence[Standing]) -> SafeString:
    """Returns the day that the rounds of a conference make together: "Thursday 21 January, 13:00–16:30". Empty if they
    are on several days.
    """
    if len({(row.session.local_start.date(), row.session.timezone) for row in standings}) != 1:
        return SafeString("")
    first = standings[0].session
    return when(Session(starts_at=first.starts_at, ends_at=_last_end(standings), timezone=first.timezone))


def _last_end(standings: Iterable[Standing]) -> datetime:
    return max(row.session.ends_at for row in standings)


def _lasting(length: timedelta) -> str:
    hours, rest = divmod(length, timedelta(hours=1))
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


@register.filter
def state(row: Standing) -> SafeString:
    """Renders the reader's standing on one session in a few words: their own claim first, then why not, then seats."""
    look, drawing, words = standing_of(row)
    return SafeString(f'<span class="state{look}">{icon(drawing) if drawing else ""}{escape(words)}</span>')


def standing_of(row: Standing) -> tuple[str, str, str]:
    """Returns the same in parts: classes, icon and words."""
    return _own_state(row) or _closed_state(row) or _seats_state(row)


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
        words = gettext("Full – waiting list open")
        return (" state-wait", "hourglass", words) if row.can_choose else ("", "", gettext("Full"))
    seats = row.shown_seats_left
    if seats is None:
        return "", "", gettext("Seats available")
    look = " num state-few" if seats <= FEW else " num"
    return look, "", ngettext("%(seats)s seat left", "%(seats)s seats left", seats) % {"seats": seats}


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
