"""What the tests of mails share."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar

from registrations.enums import Status
from registrations.models import Registration
from registrations.services.calendar import notifications
from tests.factories import NOW, make_event, make_person, make_session, make_venue

MOMENT_OF = {
    Status.CONFIRMED: "confirmed_at",
    Status.WAITLISTED: "waitlisted_at",
    Status.OFFERED: "offer_expires_at",
    Status.CANCELLED: "cancelled_at",
}
SECRET = "Interviewing skills for reporters"
EXPIRES_AT = NOW + timedelta(days=2, hours=4)  # Wednesday 4 March, 14:00 in Amsterdam
ABOUT_A_SEAT = {
    "registration-confirmed": Status.CONFIRMED,
    "registration-promoted": Status.CONFIRMED,
    "registration-swapped": Status.CONFIRMED,
    "registration-offered": Status.OFFERED,
    "colleague-invited": Status.OFFERED,
}
STATES = ABOUT_A_SEAT | {
    "registration-waitlisted": Status.WAITLISTED,
    "seat-open": Status.WAITLISTED,
    "registration-requested": Status.REQUESTED,
    "offer-changed": Status.OFFERED,
    "offer-expired": Status.CANCELLED,
    "request-declined": Status.CANCELLED,
    "colleague-comes-already": Status.CONFIRMED,
    "invitation-withdrawn": Status.CANCELLED,
    "registration-cancelled": Status.CANCELLED,
    "door-mistake": Status.OFFERED,
    "session-cancelled": Status.CANCELLED,
    "session-moved": Status.CONFIRMED,
    "appointment-left": Status.CONFIRMED,
    "appointment-here": Status.CONFIRMED,
    "session-relocated": Status.CONFIRMED,
    "link-changed": Status.CONFIRMED,
    "texts-changed": Status.CONFIRMED,
    "session-reinstated": Status.CONFIRMED,
}


def make_claim(status, **overrides):
    """A registration in this state, whatever verb would have led to it."""
    session = overrides.pop("session", None) or make_session()
    values = {"session": session, "slot": session.slot, "status": status, "created_at": NOW}
    if "attendee" not in overrides:
        values["attendee"] = make_person()
    if status in MOMENT_OF:
        values[MOMENT_OF[status]] = NOW
    return Registration.objects.create(**(values | overrides))


def make_offer(**overrides):
    return make_claim(Status.OFFERED, **({"offer_expires_at": EXPIRES_AT} | overrides))


def make_secret_session(**overrides):
    """Everything about it would give it away."""
    event = make_event(
        slug="k7q2m9",
        is_discreet=True,
        title_en=SECRET,
        title_nl=SECRET,
        summary_en=SECRET,
        content_note_en=SECRET,
        content_note_nl=SECRET,
    )
    return make_session(event=event, title_en=SECRET, venue=make_venue(name=SECRET, address=SECRET), **overrides)


def another_date(claim, **overrides):
    """One more date of the same event."""
    session = claim.session
    return make_session(event=session.event, starts_at=session.starts_at + timedelta(days=7), **overrides)


def make_any(kind, **overrides):
    moments = {"offer_expires_at": EXPIRES_AT} if STATES[kind] == Status.OFFERED else {}
    return make_claim(STATES[kind], **(moments | overrides))


def tell(claim, kind, **facts):
    notifications.tell([(claim, None)], kind=kind, facts_of={claim.pk: facts}, now=NOW)


def calendar_of(mail):
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return icalendar.Calendar.from_ical(parts[0].get_payload(decode=True)) if parts else None


def event_of(mail):
    return calendar_of(mail).walk("VEVENT")[0]


def words_of(mail):
    return "\n".join(
        part.get_content() for part in mail.walk() if part.get_content_type() in {"text/plain", "text/html"}
    )


def text_of(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


def html_of(mail):
    return " ".join(mail.get_body(("html",)).get_content().split())


def links_in(mail, page):
    return re.findall(rf'href="(http://testserver/{page}/[^"]*)"', html_of(mail))
