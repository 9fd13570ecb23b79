"""Calendar objects. Everything that calendar programs read from us is made here and nowhere else (specs/calendar.md 2
and 6).
"""

from registrations.ical.appointments import CHAIR, PARTICIPANT, Appointment, Attendee, component
from registrations.ical.messages import PRODID, calendar, cancellation, invitation, publication
from registrations.ical.organizers import organizer_of, uids_of
from registrations.ical.timezones import vtimezone, zone_for

__all__ = [
    "CHAIR",
    "PARTICIPANT",
    "PRODID",
    "Appointment",
    "Attendee",
    "calendar",
    "cancellation",
    "component",
    "invitation",
    "organizer_of",
    "publication",
    "uids_of",
    "vtimezone",
    "zone_for",
]
