from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models.timezones import ends_on_another_day, in_words, whole_days

if TYPE_CHECKING:
    from events.models import Session


@dataclass(frozen=True)
class When:
    """The time and place of a session as people say them, with the zone (specs/calendar.md R10)."""

    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str
    is_online: bool = field(default=False, compare=False)  # people may join from anywhere, so the zone is named

    @classmethod
    def frozen_in(cls, facts: dict[str, Any]) -> When:
        """As it was when the mail was queued (specs/calendar.md R35)."""
        starts_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
        return cls(starts_at, ends_at, facts["timezone"], facts["place"], bool(facts.get("join_url")))

    @classmethod
    def of(cls, session: Session) -> When:
        is_online = session.is_online and not session.event.is_discreet  # its mails do not tell where it takes place
        return cls(session.starts_at, session.ends_at, session.timezone, session.place, is_online)

    def __str__(self) -> str:
        """Names the zone if the place or the reader may be in another one."""
        start = local(self.starts_at, self.timezone)
        if days := whole_days(self.starts_at, self.ends_at, self.timezone):
            said = _whole_days(*days)
        else:
            said = f"{date_format(start, 'l j F Y')}, {hours(self.starts_at, self.ends_at, self.timezone)}"
        return f"{said} ({self.zone})" if self.names_zone else said

    @property
    def names_zone(self) -> bool:
        return self.is_online or self.timezone != settings.TIME_ZONE

    @property
    def zone(self) -> str:
        return in_words(self.timezone, self.starts_at)

    @property
    def day(self) -> str:
        """For a subject, where space is short: "12 March"."""
        return date_format(local(self.starts_at, self.timezone), "j F")


def hours(starts_at: datetime, ends_at: datetime, timezone: str) -> str:
    """Returns for example "10:00–12:00", with the day of the end if it is another one, or "whole day"."""
    start, end = local(starts_at, timezone), local(ends_at, timezone)
    if days := whole_days(starts_at, ends_at, timezone):
        return _("whole day") if days[0] == days[1] else _until_day(days[1])
    if ends_on_another_day(start, end):
        return f"{start:%H:%M} – {date_format(end, 'l j F, H:i')}"
    return f"{start:%H:%M}–{end:%H:%M}"


def _whole_days(first: date, last: date) -> str:
    if first == last:
        return _("%(day)s, whole day") % {"day": date_format(first, "l j F Y")}
    spoken = {"first": date_format(first, "l j F"), "last": date_format(last, "l j F Y")}
    return _("%(first)s – %(last)s, whole days") % spoken


def _until_day(last: date) -> str:
    return _("whole days, until %(day)s") % {"day": date_format(last, "l j F")}


def point(moment: datetime, timezone: str) -> str:
    """A deadline: "Thursday 12 March, 14:00", with the zone if it is not our default one."""
    spoken = date_format(local(moment, timezone), "l j F, H:i")
    return spoken if timezone == settings.TIME_ZONE else f"{spoken} ({in_words(timezone, moment)})"


def local(moment: datetime, timezone: str) -> datetime:
    """Returns the local wall-clock time, naive, because formatting would convert an aware datetime to the server's
    zone.
    """
    return moment.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
