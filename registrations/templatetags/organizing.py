"""Words for the organiser's pages and the door. Labels live here, because enums hold none for a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy

from events.enums import EventStatus, SessionStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()

MAILS: dict[str, _StrPromise] = {
    "registration-confirmed": gettext_lazy("Confirmation"),
    "registration-waitlisted": gettext_lazy("On the waiting list"),
    "registration-promoted": gettext_lazy("A seat came free"),
    "registration-cancelled": gettext_lazy("Seat given back"),
    "registration-swapped": gettext_lazy("Moved to another date"),
    "registration-offered": gettext_lazy("A seat offered"),
    "offer-expired": gettext_lazy("The offer has ended"),
    "seat-open": gettext_lazy("A seat is open to all"),
    "registration-requested": gettext_lazy("Request received"),
    "request-declined": gettext_lazy("Request turned down"),
    "colleague-invited": gettext_lazy("Asked along by a colleague"),
    "session-moved": gettext_lazy("Other time"),
    "session-relocated": gettext_lazy("Other place"),
    "session-cancelled": gettext_lazy("Session cancelled"),
}
EVENT_STATES: dict[str, _StrPromise] = {
    EventStatus.DRAFT: gettext_lazy("Draft"),
    EventStatus.PUBLISHED: gettext_lazy("Published"),
    EventStatus.UNLISTED: gettext_lazy("Only for who has the link"),
    EventStatus.CANCELLED: gettext_lazy("Cancelled"),
    EventStatus.ARCHIVED: gettext_lazy("In the archive"),
}
SESSION_STATES: dict[str, _StrPromise] = {
    SessionStatus.CANCELLED: gettext_lazy("Cancelled"),
    SessionStatus.HELD: gettext_lazy("Finished"),
}


@register.filter
def mail_label(kind: str) -> str:
    return str(MAILS.get(kind, kind))


@register.filter
def event_state(status: str) -> str:
    return str(EVENT_STATES[status])


@register.filter
def session_state(status: str) -> str:
    """Nothing for a session that simply takes place."""
    return str(SESSION_STATES.get(status, ""))
