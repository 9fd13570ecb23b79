"""Mails that are not about a registration: dates of an event, and a personal link."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from events.enums import SessionStatus
from events.models import Event, Session
from registrations.emails.composing import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.links import access_link, interest_link, page_of
from registrations.emails.mail_kind import EditableKind
from registrations.emails.wording.custom_texts import custom_wording
from registrations.emails.wording.times import When, point
from registrations.emails.wording.titles import fully_titled, titled
from registrations.models import AccessLink
from registrations.rules import BOOKABLE, why_closed

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message

MAX_DATES = 5


def render_dates_announced(_kind: EditableKind, message: Message, now: datetime) -> Letter | None:
    """For people who asked to hear about dates (product C11). None if no date is left."""
    event = Event.objects.filter(key=str(message.subject_id), status__in=BOOKABLE).first()
    coming = dates_to_come(event, now) if event else []
    if event is None or not coming:
        return None
    with override(message.language):
        return dates_letter(message, event, coming)


def dates_to_come(event: Event, now: datetime) -> list[Session]:
    sessions = event.sessions.filter(status=SessionStatus.SCHEDULED, is_unlisted=False, starts_at__gt=now)
    return list(sessions.select_related("event", "venue").order_by("starts_at", "pk"))


def dates_letter(message: Message, event: Event, coming: list[Session]) -> Letter:
    """In the active language, with the organiser's custom texts if there are any."""
    reader = Reader.of(message, is_discreet=event.is_discreet)
    words = {"title": titled(event), "reference": event.key.hex[:6].upper()}
    subject, news = _("There are dates: %(title)s"), _("There are dates for %(title)s. You asked us to tell you.")
    if event.is_discreet:
        subject, news = _("There are dates (ref %(reference)s)"), _("There are dates for what you asked about.")
    choose = Button(_("Choose your date"), page_of(event))
    context = {
        "event_kind": event.kind,
        "news": news % words,
        "reference": words["reference"] if event.is_discreet else "",
        "dates": [date_of(session) for session in coming[:MAX_DATES]],
        "buttons": [to_my_sessions() if event.is_discreet else choose],
        "paragraphs": [*_more_dates(len(coming) - MAX_DATES), Paragraph(_("We tell you this once."))],
    }
    letter = compose(reader, subject=subject % words, context=context, own=custom_wording(reader, event))
    return replace(letter, unsubscribe_url=interest_link(event, message.recipient) if message.recipient else "")


def date_of(session: Session) -> dict[str, Any]:
    differs = session.title != session.event.title and not session.event.is_discreet
    return {"when": When.of(session), "title": session.title if differs else "", "is_one_of_many": True}


def _more_dates(number: int) -> list[Paragraph]:
    if number < 1:
        return []
    words = ngettext("And %(number)d more date on the page.", "And %(number)d more dates on the page.", number)
    return [Paragraph(words % {"number": number})]


def render_access_granted(_kind: EditableKind, message: Message, now: datetime) -> Letter | None:
    """Goes to an address that may not belong to an account yet. None if the link was revoked or has expired, or if
    nobody can sign up.
    """
    related = ("session__event", "session__venue", "session__round")
    link = AccessLink.objects.select_related(*related).filter(key=str(message.subject_id), expires_at__gt=now).first()
    if link is None or why_closed(link.session, now) not in {None, "not-open-yet"}:
        return None
    with override(message.language):
        return access_letter(message, link)


def access_letter(message: Message, link: AccessLink) -> Letter:
    """In the active language, with the organiser's custom texts if there are any."""
    session, when, is_discreet = link.session, When.of(link.session), link.session.event.is_discreet
    reader = Reader.of(message, is_discreet=is_discreet)
    words = {"title": fully_titled(session), "date": when.day, "reference": link.key.hex[:6].upper()}
    subject, news = _("Your personal link: %(title)s, %(date)s"), _("You can sign up for %(title)s.")
    if is_discreet:
        subject, news = _("Your personal link (ref %(reference)s)"), _("You can sign up for a session.")
    context = {
        "event_kind": session.event.kind,
        "news": news % words,
        "reference": words["reference"] if is_discreet else "",
        "dates": [{"when": when, "address": session.venue.address if session.venue else ""}],
        "buttons": [Button(_("Open your link"), access_link(link))],
        "paragraphs": _about_the_link(message, link),
    }
    own = custom_wording(reader, session, when, link=access_link(link))
    return compose(reader, subject=subject % words, context=context, own=own)


def _about_the_link(message: Message, link: AccessLink) -> list[Paragraph]:
    """Answers what people ask: the link is not a seat, and forwarding it admits nobody else."""
    until = point(link.expires_at, link.session.timezone)
    whose = _("This session is not listed; your link opens it. It works for you alone: sign in with %(address)s.")
    return [
        Paragraph(whose % {"address": message.address}),
        Paragraph(
            _("The link works until %(until)s. No seat is yours yet; you take one on the page.") % {"until": until}
        ),
    ]


DATES_ANNOUNCED = EditableKind(name="dates-announced", renderer=render_dates_announced)
ACCESS_GRANTED = EditableKind(name="access-granted", renderer=render_access_granted)
