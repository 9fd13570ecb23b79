"""Links that hand a date on: to a calendar on the web, or to somebody else. They say what everybody may read, and are
not for discreet or unlisted dates.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django import template

from events.models.timezones import whole_days
from events.rules import is_public
from registrations.emails.links import page_of

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event, Session

register = template.Library()

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.office.com/calendar/deeplink/compose"


@register.filter
def may_be_shared(session: Session) -> bool:
    return is_public(session)


@register.filter
def address_of(offer: Event | Session) -> str:
    """Returns the full address of a page, to be copied."""
    return page_of(offer)


@register.filter
def google_calendar(session: Session) -> str:
    """Returns the address at which Google Calendar has this date filled in."""
    if days := whole_days(session.starts_at, session.ends_at, session.timezone):
        dates = f"{days[0]:%Y%m%d}/{days[1] + timedelta(days=1):%Y%m%d}"
    else:
        dates = "/".join(f"{_utc(moment):%Y%m%dT%H%M%SZ}" for moment in (session.starts_at, session.ends_at))
    return _address(
        GOOGLE,
        action="TEMPLATE",
        text=session.title,
        dates=dates,
        location=session.place,
        details=page_of(session),
    )


@register.filter
def outlook_calendar(session: Session) -> str:
    """The same for Outlook on the web, of people at a university or a company."""
    return _address(
        OUTLOOK,
        path="/calendar/action/compose",
        rru="addevent",
        subject=session.title,
        location=session.place,
        body=page_of(session),
        **_times_for_outlook(session),
    )


def _times_for_outlook(session: Session) -> dict[str, str]:
    if days := whole_days(session.starts_at, session.ends_at, session.timezone):
        end = days[1] + timedelta(days=1)
        return {"startdt": days[0].isoformat(), "enddt": end.isoformat(), "allday": "true"}
    return {
        "startdt": f"{_utc(session.starts_at):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{_utc(session.ends_at):%Y-%m-%dT%H:%M:%SZ}",
    }


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _address(page: str, **values: str) -> str:
    filled_in = {name: value for name, value in values.items() if value}
    return f"{page}?{urlencode(filled_in, quote_via=quote)}"
