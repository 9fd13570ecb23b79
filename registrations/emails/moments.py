from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from events.models import Session


@dataclass(frozen=True)
class When:
    """The time and place of a session as people say them, with the zone (specs/calendar.md R10)."""

    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str

    @classmethod
    def frozen_in(cls, facts: dict[str, Any]) -> When:
        """As it was when the mail was queued (specs/calendar.md R35)."""
        starts_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
        return cls(starts_at, ends_at, facts["timezone"], facts["place"])

    @classmethod
    def of(cls, session: Session) -> When:
        place = str(session.venue) if session.venue else ""
        return cls(session.starts_at, session.ends_at, session.timezone, place)

    def __str__(self) -> str:
        day = date_format(local(self.starts_at, self.timezone), "l j F Y")
        return f"{day}, {hours(self.starts_at, self.ends_at, self.timezone)} ({city_time(self.timezone)})"

    @property
    def day(self) -> str:
        """For a subject, where space is short: "12 March"."""
        return date_format(local(self.starts_at, self.timezone), "j F")


def hours(starts_at: datetime, ends_at: datetime, timezone: str) -> str:
    return f"{local(starts_at, timezone):%H:%M}–{local(ends_at, timezone):%H:%M}"


def point(moment: datetime, timezone: str) -> str:
    """A moment until which something holds: "Thursday 12 March, 14:00", with the zone where it is not the house's own."""
    spoken = date_format(local(moment, timezone), "l j F, H:i")
    return spoken if timezone == settings.TIME_ZONE else f"{spoken} ({city_time(timezone)})"


def local(moment: datetime, timezone: str) -> datetime:
    """The wall clock there, naive, because formatting would turn an aware moment into the server's own zone."""
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def city_time(timezone: str) -> str:
    city = timezone.rpartition("/")[2].replace("_", " ")
    return _("%(city)s time") % {"city": city}
