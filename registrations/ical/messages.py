"""The iTIP objects of mails and downloads: a method, the zone, and exactly one event (specs/calendar.md R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from project.outbox.emails import CalendarPart
from registrations.ical import texts
from registrations.ical.appointments import component, organizer
from registrations.ical.organizers import organizer_of
from registrations.ical.timezones import vtimezone

if TYPE_CHECKING:
    from icalendar import Calendar, Event

    from registrations.ical.appointments import Appointment, Attendee

PRODID = "-//Samen//Registration//EN"


def invitation(appointment: Appointment, attendee: Attendee) -> CalendarPart:
    """REQUEST, for the first one and updates alike: the whole event, one ATTENDEE, RSVP requested (specs/calendar.md
    3.1, 3.4, R36).
    """
    return _part(appointment, component(appointment, attendee=attendee), method="REQUEST")


def cancellation(appointment: Appointment, attendee: Attendee) -> CalendarPart:
    """CANCEL repeats the whole event, because Outlook and Gmail match and show it better (specs/calendar.md 3.7)."""
    return _part(appointment, component(appointment, status="CANCELLED", attendee=attendee), method="CANCEL")


def publication(appointment: Appointment) -> bytes:
    """A download: PUBLISH has an ORGANIZER and no ATTENDEE (RFC 5546 3.2.1)."""
    return _object(appointment, component(appointment), method="PUBLISH", sender=settings.MAIL_FROM)


def calendar() -> Calendar:
    """Returns an empty one. METHOD, if any, is added next, then the zones, then the events: Outlook ignores properties
    that come later (R12).
    """
    from icalendar import Calendar  # noqa: PLC0415  # 0.2 s of import that only who makes calendar objects should pay

    empty = Calendar()
    empty.add("version", "2.0")
    empty.add("prodid", PRODID)
    empty.add("calscale", "GREGORIAN")
    return empty


def _part(appointment: Appointment, event: Event, *, method: str) -> CalendarPart:
    assert appointment.sequence is not None  # noqa: S101  # everything that asks for an answer has one
    event.add("x-microsoft-disallow-counter", texts.escaped("TRUE"))
    sender = organizer_of(appointment.uid)
    content = _object(appointment, event, method=method, sender=sender)
    return CalendarPart(
        content=content, method=method, uid=appointment.uid, sequence=appointment.sequence, sender=sender
    )


def _object(appointment: Appointment, event: Event, *, method: str, sender: str) -> bytes:
    whole = calendar()
    whole.add("method", method)
    if appointment.needs_zone:
        whole.add_component(vtimezone(appointment.timezone, appointment.starts_at))
    event.add("organizer", organizer(sender, is_private=appointment.is_private))
    whole.add_component(event)
    return bytes(whole.to_ical(sorted=False))
