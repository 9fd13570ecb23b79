"""Reminders, and "still coming?" (product K5), made up of what holds when they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from events.enums import SessionStatus
from registrations.emails.case import Case
from registrations.emails.letters import Paragraph, Reader, compose, to_my_sessions
from registrations.emails.links import cancel_link
from registrations.emails.moments import When, local
from registrations.emails.paragraphs import way_there
from registrations.emails.registration import RELATED, letter_of
from registrations.emails.titles import titled
from registrations.enums import Source, Status
from registrations.models import Registration
from registrations.rules.reminders import day_of

if TYPE_CHECKING:
    from project.outbox.emails import Letter
    from project.outbox.models import Message

HOUSE = "Europe/Amsterdam"


def render_reminder(message: Message, now: datetime) -> Letter | None:
    """Also the question whether somebody still comes. Nothing for a seat that was given back or has another time since: its own mail said so."""
    case = _case(message, now)
    if case is None or not _holds(case):
        return None
    with override(message.language):
        return letter_of(case)


def render_reminders(message: Message, now: datetime) -> Letter | None:
    """Of all that the person has on that day. Nothing where nothing is left of it."""
    case = _case(message, now)
    seats = _seats_that_day(case) if case else []
    if not seats:
        return None
    with override(message.language):
        return _letter(message, seats)


def _case(message: Message, now: datetime) -> Case | None:
    registration = Registration.objects.select_related(*RELATED).filter(key=str(message.subject_id)).first()
    return Case(message, registration, now) if registration else None


def _holds(case: Case) -> bool:
    session = case.session
    is_same_time = session.starts_at == datetime.fromisoformat(case.facts["starts_at"])
    return (
        case.registration.is_confirmed
        and is_same_time
        and session.status == SessionStatus.SCHEDULED
        and case.now < session.starts_at
    )


def _seats_that_day(case: Case) -> list[Registration]:
    """Of the day of the seat by which the mail was queued; open sessions and discreet ones never in one mail."""
    seats = Registration.objects.filter(
        attendee=case.registration.attendee_id,
        status=Status.CONFIRMED,
        session__status=SessionStatus.SCHEDULED,
        session__starts_at__gt=case.now,
        session__event__is_discreet=case.is_discreet,
    )
    coming = seats.exclude(source=Source.WALK_IN).select_related(*RELATED).order_by("session__starts_at", "pk")
    return [seat for seat in coming if day_of(seat.session) == day_of(case.session)]


def _letter(message: Message, seats: list[Registration]) -> Letter:
    first, number = seats[0], len(seats)
    is_discreet = first.session.event.is_discreet
    spoken = {
        "number": number,
        "date": date_format(local(first.session.starts_at, HOUSE), "l j F"),
        "reference": first.reference,
    }
    subject = _("A reminder (ref %(reference)s)")
    if not is_discreet:
        subject = ngettext(
            "Reminder: %(number)d session on %(date)s", "Reminder: %(number)d sessions on %(date)s", number
        )
    news = ngettext(
        "A reminder: you have %(number)d seat on %(date)s.",
        "A reminder: you have %(number)d seats on %(date)s.",
        number,
    )
    context = {
        "news": news % spoken,
        "reference": ", ".join(seat.reference for seat in seats) if is_discreet else "",
        "dates": [_date(seat) for seat in seats],
        "buttons": [to_my_sessions()],
        "paragraphs": [Paragraph(_("You find everything about it when you sign in."))]
        if is_discreet
        else _about(seats),
    }
    reader = Reader(message=message, name=first.attendee.name, is_discreet=is_discreet)
    return compose(reader, subject=subject % spoken, context=context)


def _date(seat: Registration) -> dict[str, Any]:
    session = seat.session
    title = "" if session.event.is_discreet else session.full_title
    language = "" if session.event.is_discreet else session.get_language_display()
    address = session.venue.address if session.venue else ""
    return {"when": When.of(session), "title": title, "address": address, "language": language}


def _about(seats: list[Registration]) -> list[Paragraph]:
    """What to know of each, in its turn; each is named, as there may be several."""
    return [paragraph for seat in seats for paragraph in _about_one(seat) if paragraph.text]


def _about_one(seat: Registration) -> list[Paragraph]:
    session = seat.session
    named = {"title": titled(session)}
    online = _("The link to join %(title)s:") % named if session.join_url else ""
    return [
        Paragraph(session.event.content_note, lead=_("Good to know about %(title)s:") % named, is_typed=True),
        replace(way_there(session), lead=_("How to find %(title)s:") % named),
        Paragraph(online, link_text=_("Join online"), url=session.join_url),
        Paragraph(_("Not coming to %(title)s?") % named, link_text=_("Give it back"), url=cancel_link(seat)),
    ]
