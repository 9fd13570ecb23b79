from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from project.outbox.emails import ascii_address
from registrations.ical import texts
from registrations.ical.timezones import zone_for

if TYPE_CHECKING:
    from datetime import tzinfo

    from icalendar import Event

PARTICIPANT, CHAIR = "REQ-PARTICIPANT", "CHAIR"


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """The person a message invites: its only recipient (specs/calendar.md R8, R36). `partstat`: their current answer
    (R31).
    """

    name: str
    address: str
    partstat: str = "NEEDS-ACTION"
    role: str = PARTICIPANT


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """The contents of a calendar entry. For a mail they are frozen when it is queued (specs/calendar.md R35). Times are
    aware.
    `is_private`: it must reveal nothing (specs/privacy.md 3), so its creator leaves out the texts; the object is then
    marked private, too.
    """

    uid: str
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    summary: str
    sequence: int | None = None
    location: str = ""
    position: tuple[float, float] | None = None
    description: str = ""
    url: str = ""
    join_url: str = ""
    join_label: str = ""
    is_private: bool = False
    is_free: bool = False  # does not block time: an all-day entry beside the sessions (R16)

    @property
    def zone(self) -> tzinfo:
        return zone_for(self.timezone, (self.starts_at, self.ends_at))

    @property
    def needs_zone(self) -> bool:
        return not self.days and self.zone is not UTC

    @property
    def days(self) -> tuple[date, date] | None:
        """From midnight to midnight: then it is written as days, the end excluded (R19)."""
        local = [moment.astimezone(ZoneInfo(self.timezone)) for moment in (self.starts_at, self.ends_at)]
        first, end = (moment.date() for moment in local)
        return (first, end) if {moment.time() for moment in local} == {time.min} else None


def component(appointment: Appointment, *, status: str = "CONFIRMED", attendee: Attendee | None = None) -> Event:
    """Returns the VEVENT, for mails, downloads and feeds alike. A cancelled one no longer blocks time
    (specs/calendar.md 3.7).
    """
    from icalendar import Event  # noqa: PLC0415  # 0.2 s of import that only who makes calendar objects should pay

    event = Event()
    event.add("uid", appointment.uid)
    if appointment.sequence is not None:
        event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamped_at.astimezone(UTC).replace(microsecond=0))
    _add_times(event, appointment)
    event.add("summary", texts.summary(appointment.summary))
    event.add("status", status)
    if attendee:
        event.add("attendee", _attendee(attendee))
    event.add("class", _class_of(appointment, attendee))
    _add_what_and_where(event, appointment)
    _add_transparency(event, is_free=appointment.is_free or status == "CANCELLED")
    return event


def organizer(address: str, *, is_private: bool = False) -> Any:
    """The address that mails come from and that receives the replies, never another one (R21 to R25)."""
    name = settings.DISCREET_FROM_NAME if is_private else settings.MAIL_FROM_NAME
    return _address(address, {"CN": name})


def _class_of(appointment: Appointment, attendee: Attendee | None) -> str:
    """Downloads and subscriptions are public already; for invitations the setting decides (R16)."""
    if appointment.is_private:
        return "PRIVATE"
    return str(settings.ICAL_CLASS) if attendee else "PUBLIC"


def _attendee(attendee: Attendee) -> Any:
    parameters = {"CUTYPE": "INDIVIDUAL", "ROLE": attendee.role, "PARTSTAT": attendee.partstat, "RSVP": "TRUE"}
    return _address(ascii_address(attendee.address), parameters | {"CN": attendee.name or attendee.address})


def _address(address: str, parameters: dict[str, str]) -> Any:
    from icalendar import vCalAddress  # noqa: PLC0415  # as above

    value = vCalAddress(texts.mailto(address))
    for parameter, text in parameters.items():
        value.params[parameter] = texts.name(text)
    return value


def _add_times(event: Event, appointment: Appointment) -> None:
    if appointment.days:
        for name, day in zip(("dtstart", "dtend"), appointment.days, strict=True):
            event.add(name, day)
        event.add("x-microsoft-cdo-alldayevent", texts.escaped("TRUE"))
        return
    event.add("dtstart", appointment.starts_at.astimezone(appointment.zone))
    event.add("dtend", appointment.ends_at.astimezone(appointment.zone))


def _add_what_and_where(event: Event, appointment: Appointment) -> None:
    """Many clients show only LOCATION, so an online session has its link there; otherwise the link ends the description
    (R17).
    """
    join_url = texts.link(appointment.join_url)
    beside = join_url if appointment.location else ""
    said = {
        "url": texts.link(appointment.url),
        "location": texts.one_line(appointment.location) or join_url,
        "description": texts.description(appointment.description, ending=beside),
    }
    for name, text in said.items():
        if text:
            event.add(name, text)
    if appointment.position:
        event.add("geo", appointment.position)
    if join_url:
        label = texts.name(appointment.join_label)
        parameters: dict[str, Any] = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]} | (
            {"LABEL": label} if label else {}
        )
        event.add("conference", join_url, parameters=parameters)


def _add_transparency(event: Event, *, is_free: bool) -> None:
    event.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", texts.escaped("FREE" if is_free else "BUSY"))
