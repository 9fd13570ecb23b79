"""Mails to the hosts of a session, with their own calendar entry (specs/calendar.md 3.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from events.models import Session
from registrations import ical
from registrations.emails.appointments import appointment_in, can_be_invited
from registrations.emails.composing import Button, Paragraph, Reader, compose
from registrations.emails.kinds.changes.cancelled import CANCELLED as SESSION_CANCELLED
from registrations.emails.kinds.changes.link_changed import LINK_CHANGED
from registrations.emails.kinds.changes.moved import MOVED
from registrations.emails.kinds.changes.relocated import RELOCATED
from registrations.emails.links import page_of
from registrations.emails.mail_kind import EditableKind
from registrations.emails.wording.custom_texts import custom_wording
from registrations.emails.wording.times import When
from registrations.emails.wording.titles import fully_titled

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import CalendarPart, Letter
    from project.outbox.models import Message

CHANGES = {kind.name: kind for kind in (MOVED, RELOCATED, LINK_CHANGED)}


@dataclass(frozen=True, kw_only=True)
class HostMail(EditableKind):
    """Without texts of its own, it uses those that participants get for the change."""

    subject: str = ""
    news: str = ""
    is_over: bool = False


def render_hosting(kind: HostMail, message: Message, now: datetime) -> Letter | None:
    """Discreet sessions have no such mails: the coordinators tell the hosts themselves (specs/privacy.md 3)."""
    sessions = Session.objects.select_related("event", "venue", "round").filter(event__is_discreet=False)
    session = sessions.filter(key=str(message.subject_id)).first()
    if session is None or message.recipient is None:
        return None
    with override(message.language):
        return hosting_letter(kind, message, session)


def hosting_letter(kind: HostMail, message: Message, session: Session) -> Letter:
    """In the active language, with the organiser's custom texts if there are any."""
    reader = Reader.of(message, is_discreet=False)
    when = When.frozen_in(message.facts)
    subject, news = _texts_of(kind, message)
    spoken = {"title": fully_titled(session), "date": when.day}
    part = _calendar_of(kind, message, session, reader.name)
    context = {
        "event_kind": session.event.kind,
        "news": _(news) % spoken,
        "dates": [{"when": when, "address": message.facts["address"], "language": session.get_language_display()}],
        "facts": message.facts,
        "joins": not kind.is_over,
        "was": _was(message, when),
        "buttons": [Button(_("See the session"), page_of(session))],
        "paragraphs": [Paragraph(_about_calendars(kind))] if part else [],
    }
    own = custom_wording(reader, session, when)
    return compose(reader, subject=_(subject) % spoken, context=context, calendar=part, own=own)


def _was(message: Message, when: When) -> str:
    was = When.frozen_in(message.facts["was"]) if "was" in message.facts else when
    return "" if was == when else ", ".join(part for part in (str(was), was.place) if part)


def _texts_of(kind: HostMail, message: Message) -> tuple[str, str]:
    """Returns the subject and the news."""
    if kind.subject:
        return kind.subject, kind.news
    texts = CHANGES[message.facts["change"]].texts
    return texts.subject, texts.news


def _about_calendars(kind: HostMail) -> str:
    if kind.is_over:
        return _("We have taken it out of your calendar.")
    return _(
        "The invitation in this email puts it in your calendar and keeps it up to date. You do not have to answer."
    )


def _calendar_of(kind: HostMail, message: Message, session: Session, name: str) -> CalendarPart | None:
    facts: dict[str, Any] = message.facts
    partstat, is_over = facts["invite"]["partstat"], kind.is_over
    if not partstat or not can_be_invited(message):
        return None
    appointment = appointment_in(facts, session, words=_("You lead this session: %s"), is_over=is_over)
    attendee = ical.Attendee(name=name, address=message.address, partstat=partstat, role=ical.CHAIR)
    return (ical.cancellation if is_over else ical.invitation)(appointment, attendee)


INVITED = HostMail(
    name="host-invited",
    renderer=render_hosting,
    subject=gettext_noop("You lead: %(title)s, %(date)s"),
    news=gettext_noop("You lead %(title)s."),
)
CHANGED = HostMail(name="host-changed", renderer=render_hosting)
CANCELLED = HostMail(
    name="host-cancelled",
    renderer=render_hosting,
    subject=SESSION_CANCELLED.texts.subject,
    news=SESSION_CANCELLED.texts.news,
    is_over=True,
)
RELEASED = HostMail(
    name="host-released",
    renderer=render_hosting,
    subject=gettext_noop("You no longer lead: %(title)s, %(date)s"),
    news=gettext_noop("You no longer lead %(title)s."),
    is_over=True,
)
