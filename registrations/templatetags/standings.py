"""How the pages put sessions and a reader's standing into words. Labels live here, because enums hold none for a screen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext, gettext_lazy, ngettext

from events.enums import SessionLanguage
from project.accounts.enums import Audience
from registrations.services.refusals import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.template import RequestContext

    from events.models import Event, Session
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
    "cancelled": gettext_lazy("Cancelled"),
    "closed": gettext_lazy("Closed"),
    "full-no-waitlist": gettext_lazy("Full"),
    "not-eligible": gettext_lazy("For another group"),
    "not-open-yet": gettext_lazy("Opens later"),
    "prerequisite-missing": gettext_lazy("Builds on another event"),
    "slot-taken": gettext_lazy("You have another seat"),
    "started": gettext_lazy("Has started"),
}


@register.simple_tag(takes_context=True)
def narrowed(context: RequestContext, name: str, value: str) -> str:
    """The address of this list with one filter set, or taken away when `value` is empty; back on its first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query.pop(name, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"


@register.filter
def chosen_label(field: Any) -> str:
    """The label of the choice a filter stands on, or nothing while it stands on none of them."""
    value = field.value() or ""
    return next((str(label) for choice, label in field.field.choices if choice and choice == value), "")


@register.simple_tag(takes_context=True)
def for_whom(context: RequestContext, offer: Event | Session) -> str:
    """Who may come, in words: "students and staff at ME". `unit_names` of the context, if it is there, spells the units out."""
    audiences = getattr(offer, "admitted_audiences", offer.audiences)
    units = getattr(offer, "admitted_units", offer.units)
    names: dict[str, str] = context.get("unit_names") or {}
    who = in_a_row([str(GROUPS[Audience(code)]) for code in audiences])
    where = in_a_row([names.get(code, code.upper()) for code in units])
    if not units:
        return who or gettext("everyone")
    return gettext("%(who)s at %(where)s") % {"who": who or gettext("everyone"), "where": where}


@register.filter
def is_restricted(session: Session) -> bool:
    return bool(session.admitted_audiences or session.admitted_units)


@register.filter
def duration(session: Session) -> str:
    """How long it takes as people say it: "3 hours", "1 hour and 30 minutes"."""
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
    """The languages of all the dates together: "Dutch and English" where some are in one and some in the other."""
    spoken = sorted({code for row in standings for code in row.session.language.split("+")})
    return in_a_row([str(SessionLanguage(code).label) for code in spoken])


@register.filter
def refusal_text(code: str) -> str:
    return str(REFUSALS.get(code, ""))


@register.filter
def short_refusal(code: str) -> str:
    return str(SHORT_REFUSALS.get(code, ""))


def in_a_row(words: list[str]) -> str:
    """As people list things: "a", "a and b", "a, b and c"."""
    if len(words) < 2:  # noqa: PLR2004  # nothing to join
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
