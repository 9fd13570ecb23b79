from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from project.outbox.emails import ascii_address
from registrations import ical
from registrations.emails.links import page_of
from registrations.emails.wording.times import When

if TYPE_CHECKING:
    from events.models import Session
    from project.outbox.emails import CalendarPart
    from project.outbox.models import Message
    from registrations.emails.context import MailContext


def calendar_of(context: MailContext) -> CalendarPart | None:
    """Only mails about seats have one: mails about the waiting list and discreet mails carry no calendar object
    (specs/calendar.md 3.2).
    """
    if not context.has_invitation or not can_be_invited(context.message):
        return None
    words = _("Change or give back your seat: %s")
    appointment = appointment_in(
        context.facts, context.session, words=words, is_over=context.kind.takes_out_of_calendar
    )
    attendee = ical.Attendee(
        name=context.registration.attendee.name,
        address=context.message.address,
        partstat=context.facts["invite"].get("partstat", "NEEDS-ACTION"),
    )
    if context.kind.takes_out_of_calendar:
        return ical.cancellation(appointment, attendee)
    return ical.invitation(appointment, attendee)


def can_be_invited(message: Message) -> bool:
    """False for the address that sends the invitations: Outlook would say that the organiser need not answer. Its owner
    gets the plain mail, and can download the date on its page (R26).
    """
    return bool(ascii_address(message.address).lower() != settings.MAIL_FROM.lower())


def appointment_in(facts: dict[str, Any], session: Session, *, words: str, is_over: bool) -> ical.Appointment:
    """Returns what was frozen when the mail was queued, in the reader's language. `words` say what the page is for; its
    URL is put into them.
    """
    invite, url, when = facts["invite"], page_of(session), When.frozen_in(facts)
    position: tuple[float, float] | None = tuple(facts.get("position") or ()) or None
    return ical.Appointment(
        uid=invite["uid"],
        sequence=invite["sequence"],
        stamped_at=datetime.fromisoformat(invite["stamped_at"]),
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        timezone=when.timezone,
        summary=_("CANCELLED: ") + session.full_title if is_over else session.full_title,
        location=", ".join(part for part in (facts["place"], facts["address"]) if part),
        position=position,
        description="\n\n".join([session.event.summary, words % url]).strip(),
        url=url,
        join_url=facts["join_url"],
        join_label=_("Join online"),
    )
