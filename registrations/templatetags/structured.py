"""What search engines read about a public date (schema.org Event, product C13): a block of data in the head, which
browsers do not run, so the content security policy need not allow it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from events.enums import SessionStatus
from events.models.timezones import whole_days
from events.rules import is_public
from registrations.emails.links import page_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from events.models import Session
    from registrations.rules import Standing

register = template.Library()

MAX_DATES = 30
# A text with `</script>` in it must not end the block; as in Django's json_script.
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def structured_date(session: Session) -> SafeString:
    return _block([session])


@register.simple_tag
def structured_dates(rows: Iterable[Standing]) -> SafeString:
    return _block([row.session for row in rows])


def _block(sessions: list[Session]) -> SafeString:
    """Leaves out everything that is discreet, or shown only to people who know its address."""
    told = [_told(session) for session in sessions if is_public(session)][:MAX_DATES]
    if not told:
        return mark_safe("")
    data = json.dumps({"@context": "https://schema.org", "@graph": told}, ensure_ascii=False).translate(HARMLESS)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(data))  # noqa: S308  # harmless by the line above


def _told(session: Session) -> dict[str, Any]:
    takes_place = session.status != SessionStatus.CANCELLED
    return {
        "@type": "Event",
        "@id": f"urn:uuid:{session.ical_uid}",
        "name": session.title,
        "description": session.event.summary,
        **_times(session),
        "eventStatus": f"https://schema.org/{'EventScheduled' if takes_place else 'EventCancelled'}",
        "eventAttendanceMode": f"https://schema.org/{_mode(session)}",
        "location": _locations(session),
        "inLanguage": session.language.split("+"),
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": settings.UNIVERSITY, "url": settings.BASE_URL},
        "url": page_of(session),
    }


def _times(session: Session) -> dict[str, str]:
    """Whole days are written as dates, the last one included (schema.org Date)."""
    if days := whole_days(session.starts_at, session.ends_at, session.timezone):
        return {"startDate": days[0].isoformat(), "endDate": days[1].isoformat()}
    moments = {"startDate": session.starts_at, "endDate": session.ends_at}
    return {name: at.astimezone(session.zone).isoformat(timespec="seconds") for name, at in moments.items()}


def _mode(session: Session) -> str:
    if session.venue and session.is_online:
        return "MixedEventAttendanceMode"
    return "OnlineEventAttendanceMode" if session.is_online else "OfflineEventAttendanceMode"


def _locations(session: Session) -> list[dict[str, str]]:
    """For online sessions the location is our own page: only people with a seat get the link to join."""
    found = []
    if session.venue:
        found.append({"@type": "Place", "name": session.place, "address": session.venue.address})
    if session.is_online:
        found.append({"@type": "VirtualLocation", "url": page_of(session)})
    return found
