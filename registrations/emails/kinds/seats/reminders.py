"""Reminders, and "still coming?" (product K5), rendered from what is true when they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, override

from events.enums import SessionStatus
from project.outbox.emails import MailKind
from registrations.emails.composing import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.context import MailContext
from registrations.emails.kinds.waiting.offered import BOOKING_ASKS
from registrations.emails.links import cancel_link, still_coming_link
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.registration import RELATED, letter_of
from registrations.emails.wording.paragraphs import content_note, way_back, way_there
from registrations.emails.wording.times import When, local
from registrations.emails.wording.titles import titled
from registrations.enums import Source, Status
from registrations.models import Registration
from registrations.rules.reminders import day_of

if TYPE_CHECKING:
    from project.outbox.emails import Letter
    from project.outbox.models import Message

HOUSE = "Europe/Amsterdam"


def render_reminder(kind: SeatMail, message: Message, now: datetime) -> Letter | None:
    """Also renders the question whether somebody is still coming. None for a seat that was given back or moved to
    another time: a separate mail said so.
    """
    registration = _registration_of(message)
    context = MailContext(kind, message, registration, now) if registration else None
    if context is None or not _holds(context):
        return None
    with override(message.language):
        return letter_of(context)


def render_reminders(_kind: MailKind, message: Message, now: datetime) -> Letter | None:
    """Covers all seats that the person has on that day. None if there are none left."""
    registration = _registration_of(message)
    seats = _seats_that_day(registration, now) if registration else []
    if not seats:
        return None
    with override(message.language):
        return _letter(message, seats)


def _registration_of(message: Message) -> Registration | None:
    return Registration.objects.select_related(*RELATED).filter(key=str(message.subject_id)).first()


def _holds(context: MailContext) -> bool:
    session = context.session
    is_same_time = session.starts_at == datetime.fromisoformat(context.facts["starts_at"])
    return (
        context.registration.is_confirmed
        and is_same_time
        and session.status == SessionStatus.SCHEDULED
        and context.now < session.starts_at
    )


def _seats_that_day(registration: Registration, now: datetime) -> list[Registration]:
    """Returns the seats on the day of the seat for which the mail was queued. A mail never mixes discreet sessions with
    others.
    """
    seats = Registration.objects.filter(
        attendee=registration.attendee_id,
        status=Status.CONFIRMED,
        session__status=SessionStatus.SCHEDULED,
        session__starts_at__gt=now,
        session__event__is_discreet=registration.session.event.is_discreet,
    )
    coming = seats.exclude(source=Source.WALK_IN).select_related(*RELATED).order_by("session__starts_at", "pk")
    return [seat for seat in coming if day_of(seat.session) == day_of(registration.session)]


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
    """Returns what to know about each, in order; each one is named, as there may be several."""
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


def _asked(_context: MailContext) -> list[Paragraph]:
    """People who do not answer keep the seat: this is a question, not a deadline."""
    return [
        Paragraph(_("If you say nothing, your seat stays yours.")),
        Paragraph(_("You need no reason, and it is never held against you.")),
    ]


def _to_answer(context: MailContext) -> list[Button]:
    answer = still_coming_link(context.registration)
    return [Button(_("Yes, I am coming"), answer), Button(_("Give my seat back"), answer)]


REMINDER = SeatMail(
    name="reminder",
    texts=Texts(
        subject=gettext_noop("Reminder: %(title)s, %(date)s"),
        news=gettext_noop("A reminder: you have a seat at %(title)s. See you there."),
        discreet_subject=gettext_noop("A reminder (ref %(reference)s)"),
        discreet_news=gettext_noop("A reminder of your booking."),
    ),
    paragraphs=lambda context: [content_note(context), way_there(context.session), way_back(context)],
    renderer=render_reminder,
)
REMINDERS = MailKind(name="reminders", renderer=render_reminders)
STILL_COMING = SeatMail(
    name="still-coming",
    texts=Texts(
        subject=gettext_noop("Are you still coming? %(title)s, %(date)s"),
        news=gettext_noop("%(title)s is full, and people are waiting for a seat. Are you still coming?"),
        discreet_subject=BOOKING_ASKS,
        discreet_news=gettext_noop("People are waiting for a seat. Are you still coming?"),
    ),
    paragraphs=_asked,
    buttons=_to_answer,
    renderer=render_reminder,
)
