"""Mails to who leads a session, with an entry of their own in the calendar (specs/calendar.md 3.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from events.models import Session
from registrations import ical
from registrations.emails.appointments import appointment_in, can_be_invited
from registrations.emails.letters import Button, Paragraph, Reader, compose
from registrations.emails.links import page_of
from registrations.emails.moments import When
from registrations.emails.titles import fully_titled
from registrations.emails.wording import own_words
from registrations.emails.words import WORDS, Words

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import CalendarPart, Letter
    from project.outbox.models import Message

OVER = ("host-cancelled", "host-released")
KINDS = ("host-invited", "host-changed", *OVER)
INVITED = Words(
    subject=gettext_noop("You lead: %(title)s, %(date)s"),
    discreet_subject="",
    news=gettext_noop("You lead %(title)s."),
    discreet_news="",
)
RELEASED = Words(
    subject=gettext_noop("You no longer lead: %(title)s, %(date)s"),
    discreet_subject="",
    news=gettext_noop("You no longer lead %(title)s."),
    discreet_news="",
)


def render_hosting(message: Message, now: datetime) -> Letter | None:
    """Discreet sessions have no such mails: who leads them is told by the coordinators (specs/privacy.md 3)."""
    sessions = Session.objects.select_related("event", "venue", "round").filter(event__is_discreet=False)
    session = sessions.filter(key=str(message.subject_id)).first()
    if session is None or message.recipient is None:
        return None
    with override(message.language):
        return hosting_letter(message, session)


def hosting_letter(message: Message, session: Session) -> Letter:
    """In the language that is active, with the organiser's own words where there are any."""
    reader = Reader.of(message, is_discreet=False)
    when, words = When.frozen_in(message.facts), _words_of(message)
    spoken = {"title": fully_titled(session), "date": when.day}
    part = _calendar_of(message, session, reader.name)
    context = {
        "news": _(words.news) % spoken,
        "dates": [{"when": when, "address": message.facts["address"], "language": session.get_language_display()}],
        "facts": message.facts,
        "joins": message.kind not in OVER,
        "was": _was(message, when),
        "buttons": [Button(_("See the session"), page_of(session))],
        "paragraphs": [Paragraph(_about_calendars(message))] if part else [],
    }
    own = own_words(reader, session, when)
    return compose(reader, subject=_(words.subject) % spoken, context=context, calendar=part, own=own)


def _was(message: Message, when: When) -> str:
    was = When.frozen_in(message.facts["was"]) if "was" in message.facts else when
    return "" if was == when else ", ".join(part for part in (str(was), was.place) if part)


def _words_of(message: Message) -> Words:
    if message.kind == "host-changed":
        return WORDS[message.facts["change"]]
    return {"host-cancelled": WORDS["session-cancelled"], "host-released": RELEASED}.get(message.kind, INVITED)


def _about_calendars(message: Message) -> str:
    if message.kind in OVER:
        return _("We have taken it out of your calendar.")
    return _("This mail puts it in your calendar, and keeps it right there. You do not have to answer.")


def _calendar_of(message: Message, session: Session, name: str) -> CalendarPart | None:
    facts: dict[str, Any] = message.facts
    partstat, is_over = facts["invite"]["partstat"], message.kind in OVER
    if not partstat or not can_be_invited(message):
        return None
    appointment = appointment_in(facts, session, words=_("You lead this session: %s"), is_over=is_over)
    attendee = ical.Attendee(name=name, address=message.address, partstat=partstat, role=ical.CHAIR)
    return (ical.cancellation if is_over else ical.invitation)(appointment, attendee)
