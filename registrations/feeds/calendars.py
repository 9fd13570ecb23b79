"""A feed as a calendar to subscribe to: no METHOD, and nothing that depends on the moment of writing (specs/calendar.md
R52 to R54).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from registrations import ical
from registrations.ical import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from registrations.feeds.entries import Entry

MAX_BYTES = 1_000_000
ROOM_FOR_HEAD = 20_000  # bytes, with the definitions of fifty zones
LOOK_AGAIN = timedelta(hours=1)
END = b"END:VCALENDAR\r\n"


def written(name: str, entries: Iterable[Entry], *, today: datetime) -> bytes:
    """Returns the bytes, which are the same for the same entries. If not all entries fit, the first ones are kept (R54:
    below 1 MB).
    """
    zones = _Zones(today)
    kept = sorted(_that_fit(entries, zones))
    return _head(name) + zones.lines() + b"".join(block for _order, block in kept) + END


class _Zones:
    """The zone definitions in a feed, one for each name."""

    def __init__(self, today: datetime) -> None:
        self._today = today
        self._chosen: dict[str, bytes] = {}
        self._made: dict[tuple[str, int], bytes] = {}

    def fitting(self, appointment: ical.Appointment) -> ical.Appointment:
        """Returns the appointment, converted to UTC if its year has other rules than the definition already in the
        feed.
        """
        if not appointment.needs_zone:
            return appointment
        lines = self._lines_of(appointment.timezone, appointment.starts_at)
        chosen = self._chosen.setdefault(appointment.timezone, lines)
        return appointment if lines == chosen else replace(appointment, timezone="UTC")

    def lines(self) -> bytes:
        """Never empty, even without any date: a calendar object needs a component (R53)."""
        house = settings.TIME_ZONE
        chosen = self._chosen or {house: self._lines_of(house, self._today)}
        return b"".join(chosen[name] for name in sorted(chosen))

    def _lines_of(self, timezone: str, moment: datetime) -> bytes:
        year = moment.astimezone(ZoneInfo(timezone)).year
        if (timezone, year) not in self._made:
            self._made[timezone, year] = ical.vtimezone(timezone, moment).to_ical(sorted=False)
        return self._made[timezone, year]


def _that_fit(entries: Iterable[Entry], zones: _Zones) -> Iterator[tuple[tuple[datetime, str], bytes]]:
    room = MAX_BYTES - ROOM_FOR_HEAD
    for entry in entries:
        block = _block(entry, zones)
        room -= len(block)
        if room < 0:
            return
        yield entry.order, block


def _block(entry: Entry, zones: _Zones) -> bytes:
    event = ical.component(zones.fitting(entry.appointment), status="CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("last-modified", entry.appointment.stamped_at.astimezone(UTC).replace(microsecond=0))
    return bytes(event.to_ical(sorted=False))


def _head(name: str) -> bytes:
    """The properties of the calendar, without its end. The refresh interval is only a hint, which Google ignores
    (R58).
    """
    calendar = ical.calendar()
    about = _("Dates of the social-safety programme of %(university)s") % {"university": settings.UNIVERSITY}
    for label, text in (("name", name), ("x-wr-calname", name), ("x-wr-caldesc", about)):
        calendar.add(label, texts.escaped(texts.one_line(text)))
    calendar.add("x-wr-timezone", texts.escaped(settings.TIME_ZONE))
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", texts.escaped("PT1H"))
    return bytes(calendar.to_ical(sorted=False)).removesuffix(END)
