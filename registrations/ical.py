from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from project.outbox.emails import CalendarPart

if TYPE_CHECKING:
    from datetime import tzinfo

    from icalendar import Calendar, Event, Timezone

PRODID = "-//Samen//Registration//EN"
LONGEST_SUMMARY = 255
LONGEST_DESCRIPTION = 1500

AMSTERDAM = "Europe/Amsterdam"
# specs/calendar.md R40-R42: one STANDARD and one DAYLIGHT with yearly rules, the form that Exchange, Outlook, Apple and Thunderbird all read.
AMSTERDAM_TIMEZONE = b"""BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Appointment:
    """What stands in a calendar, frozen when the mail was queued (specs/calendar.md R35). Moments are aware."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: str
    location: str
    description: str
    url: str
    join_url: str
    attendee_name: str
    attendee_address: str


def invitation(appointment: Appointment) -> CalendarPart:
    """REQUEST, first and later ones alike: the whole event, one ATTENDEE, an answer asked for (specs/calendar.md 3.1, 3.4, R36-R37)."""
    event = _event(appointment, status="CONFIRMED", prefix="")
    return _part(appointment, event, method="REQUEST")


def cancellation(appointment: Appointment, *, prefix: str) -> CalendarPart:
    """CANCEL repeats the whole event, because Outlook and Gmail match and show it better (specs/calendar.md 3.7)."""
    event = _event(appointment, status="CANCELLED", prefix=prefix)
    return _part(appointment, event, method="CANCEL")


def _part(appointment: Appointment, event: Event, *, method: str) -> CalendarPart:
    calendar = _calendar(method)
    if _zone_of(appointment) is not UTC:
        calendar.add_component(_amsterdam())
    calendar.add_component(event)
    return CalendarPart(
        content=calendar.to_ical(sorted=False), method=method, uid=appointment.uid, sequence=appointment.sequence
    )


def _calendar(method: str) -> Calendar:
    from icalendar import Calendar  # noqa: PLC0415  # 0.2 s of import that only the mail worker should pay

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _amsterdam() -> Timezone:
    from icalendar import Timezone  # noqa: PLC0415  # as above

    zone = Timezone.from_ical(AMSTERDAM_TIMEZONE)
    assert isinstance(zone, Timezone)  # noqa: S101  # tells the type checker what the constant is
    return zone


def _event(appointment: Appointment, *, status: str, prefix: str) -> Event:
    from icalendar import Event  # noqa: PLC0415  # as above

    event = Event()
    is_cancelled = status == "CANCELLED"
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamped_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", appointment.starts_at.astimezone(_zone_of(appointment)))
    event.add("dtend", appointment.ends_at.astimezone(_zone_of(appointment)))
    event.add("summary", one_line(prefix + appointment.summary)[:LONGEST_SUMMARY])
    event.add("status", status)
    event.add("organizer", _organizer())
    event.add("attendee", _attendee(appointment))
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event.add("url", appointment.url)
    _add_place(event, appointment)
    event.add("x-microsoft-cdo-busystatus", _text("FREE" if is_cancelled else "BUSY"))
    event.add("x-microsoft-disallow-counter", _text("TRUE"))
    return event


def _add_place(event: Event, appointment: Appointment) -> None:
    """Many clients show LOCATION only, so an online session has its link there; else it stands in the text (R17)."""
    description = appointment.description
    if appointment.join_url and appointment.location:
        description = f"{description}\n\n{appointment.join_url}"
    event.add("location", one_line(appointment.location or appointment.join_url))
    event.add("description", plain(description)[:LONGEST_DESCRIPTION])
    if appointment.join_url:
        event.add("conference", appointment.join_url, parameters={"VALUE": "URI", "FEATURE": "AUDIO,VIDEO"})


def _organizer() -> Any:
    return _address(settings.MAIL_FROM, {"CN": settings.MAIL_FROM_NAME})


def _attendee(appointment: Appointment) -> Any:
    """NEEDS-ACTION although the person registered: Outlook, Apple and Gmail offer an answer only then (R37)."""
    parameters = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    return _address(appointment.attendee_address, parameters | {"CN": appointment.attendee_name})


def _address(address: str, parameters: dict[str, str]) -> Any:
    from icalendar import vCalAddress  # noqa: PLC0415  # as above

    value = vCalAddress(f"mailto:{address}")
    for name, text in parameters.items():
        value.params[name] = one_line(text).replace('"', "")
    return value


def _text(value: str) -> Any:
    """Unknown properties are not escaped by the library unless they come as text (specs/calendar.md 6, row 2)."""
    from icalendar import vText  # noqa: PLC0415  # as above

    return vText(value)


def _zone_of(appointment: Appointment) -> tzinfo:
    """Local time with its VTIMEZONE for Amsterdam; elsewhere UTC, which is always right for a single event (R43), and also in the
    hour that comes twice in autumn, which local time cannot tell apart (R45).
    """
    moments = (appointment.starts_at, appointment.ends_at)
    if appointment.timezone != AMSTERDAM or any(_comes_twice(moment) for moment in moments):
        return UTC
    return ZoneInfo(AMSTERDAM)


def _comes_twice(moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(AMSTERDAM))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def plain(text: str) -> str:
    """No control characters, and line feeds only: the library would let them through (R13)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter) != "Cc").strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split())
