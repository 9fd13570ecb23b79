from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Event
from registrations.emails.composing import Paragraph, Reader, compose, to_my_sessions
from registrations.emails.mail_kind import EditableKind
from registrations.emails.wording.custom_texts import custom_wording
from registrations.emails.wording.times import When
from registrations.emails.wording.titles import titled
from registrations.models import Registration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message


def render_summary(_kind: EditableKind, message: Message, now: datetime) -> Letter | None:
    """Many seats taken at once: one mail that lists those still held, without a calendar object (specs/calendar.md
    3.10).
    """
    seats = Registration.objects.filter(key__in=message.facts["registrations"], status="CONFIRMED")
    held = list(seats.select_related("session__event", "session__venue").order_by("session__starts_at", "pk"))
    event = Event.objects.filter(key=str(message.subject_id)).first()
    if not held or event is None:
        return None
    with override(message.language):
        return summary_letter(message, event, held)


def summary_letter(message: Message, event: Event, held: Sequence[Registration]) -> Letter:
    """In the active language, with the organiser's custom texts if there are any."""
    reader = Reader.of(message, is_discreet=event.is_discreet)
    words = {"title": titled(event), "number": len(held), "reference": event.key.hex[:6].upper()}
    subject = _("Confirmed: %(number)d sessions of %(title)s")
    news = _("You have a seat at these %(number)d sessions of %(title)s.")
    if event.is_discreet:
        subject, news = _("Your booking is confirmed (ref %(reference)s)"), _("Your booking is confirmed.")
    context = {
        "event_kind": event.kind,
        "news": news % words,
        "reference": words["reference"] if event.is_discreet else "",
        "dates": [_date(seat) for seat in held],
        "buttons": [to_my_sessions()],
        "paragraphs": _what_follows(message),
    }
    return compose(reader, subject=subject % words, context=context, own=custom_wording(reader, event))


def _date(seat: Registration) -> dict[str, Any]:
    session = seat.session
    title = "" if session.event.is_discreet or session.title == session.event.title else session.title
    address = session.venue.address if session.venue else ""
    language = "" if session.event.is_discreet else session.get_language_display()
    return {"when": When.of(session), "title": title, "address": address, "language": language, "is_one_of_many": True}


def _what_follows(message: Message) -> list[Paragraph]:
    follow = _("The calendar invitations follow one by one in the next few minutes. You do not have to answer them.")
    return [
        *([Paragraph(follow)] if message.facts["has_invitations"] else []),
        Paragraph(_("In “My sessions” you can give each of them back.")),
    ]


SUMMARY = EditableKind(name="seats-confirmed", renderer=render_summary)
