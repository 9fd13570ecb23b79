"""A message from an organiser to the participants of a session (product K7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from project.outbox.emails import MailKind
from registrations.emails.composing import Button, Paragraph, Reader, compose
from registrations.emails.links import page_of, page_of_claim
from registrations.emails.wording.custom_texts import CustomWording, values_of, written
from registrations.emails.wording.times import When
from registrations.emails.wording.titles import fully_titled
from registrations.models import Notice, Registration

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message

RELATED = ("attendee", "session__event", "session__venue", "session__round")


def render_notice(_kind: MailKind, message: Message, now: datetime) -> Letter | None:
    """None for people it no longer concerns: somebody who gave the seat back meanwhile need not bring lunch."""
    notice = Notice.objects.filter(key=message.facts.get("notice")).first()
    if notice is None or message.recipient is None:
        return None
    claims = Registration.objects.of(message.recipient).filter(session=notice.session_id).one_each()
    registration = claims.select_related(*RELATED).first()
    if registration is None or registration.status not in notice.statuses:
        return None
    with override(message.language):
        return notice_letter(message, notice, registration)


def notice_letter(message: Message, notice: Notice, registration: Registration) -> Letter:
    """In the active language. For a discreet session the mail says only that there is a message (specs/privacy.md
    3).
    """
    is_discreet = registration.session.event.is_discreet
    reader = Reader(message=message, name=registration.attendee.name, is_discreet=is_discreet)
    words = said_to(notice, registration)
    if not is_discreet:
        return compose(reader, subject=words.subject, context=_context(registration), own=words)
    subject = _("A message about your booking (ref %(reference)s)") % {"reference": registration.reference}
    return compose(reader, subject=subject, context=_neutral_context(registration))


def said_to(notice: Notice, registration: Registration) -> CustomWording:
    """Returns what the message says to this person, in the active language."""
    session = registration.session
    return written(notice.subject, notice.body, values_of(session, registration.attendee.name, When.of(session)))


def _context(registration: Registration) -> dict[str, Any]:
    session = registration.session
    return {
        "event_kind": session.event.kind,
        "news": _("The organisers of %(title)s write:") % {"title": fully_titled(session)},
        "dates": [{"when": When.of(session), "address": session.venue.address if session.venue else ""}],
        "buttons": [Button(_("See your session"), page_of(session))],
    }


def _neutral_context(registration: Registration) -> dict[str, Any]:
    return {
        "news": _("There is a message about your booking."),
        "reference": registration.reference,
        "dates": [{"when": When.of(registration.session)}],
        "buttons": [Button(_("Read the message"), page_of_claim(registration))],
        "paragraphs": [Paragraph(_("You can read it when you sign in. We do not send it by email."))],
    }


NOTICE = MailKind(name="notice", renderer=render_notice)
