"""Mails about the days of a conference, a calendar entry beside the sessions that somebody chose (specs/calendar.md
3.11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from events.models import Event
from project.outbox.emails import MailKind
from registrations import ical
from registrations.emails.appointments import can_be_invited
from registrations.emails.composing import Button, Paragraph, Reader, compose
from registrations.emails.links import page_of
from registrations.emails.wording.times import local
from registrations.emails.wording.titles import titled

if TYPE_CHECKING:
    from project.outbox.emails import CalendarPart, Letter
    from project.outbox.models import Message


@dataclass(frozen=True, kw_only=True)
class UmbrellaMail(MailKind):
    subject: str
    news: str
    follows: str
    has_days: bool = True
    is_over: bool = False


def render_umbrella(kind: UmbrellaMail, message: Message, now: datetime) -> Letter | None:
    """Returns None for an address that cannot be invited, since the mail is only about the calendar entry."""
    event = Event.objects.filter(key=str(message.subject_id), is_discreet=False).first()
    if event is None or message.recipient is None or not can_be_invited(message):
        return None
    with override(message.language):
        return _letter(kind, message, event)


def _letter(kind: UmbrellaMail, message: Message, event: Event) -> Letter:
    reader = Reader.of(message, is_discreet=False)
    days = _days(message.facts) if kind.has_days else ""
    spoken = {"title": titled(event), "days": days}
    context: dict[str, Any] = {
        "news": _(kind.news) % spoken,
        "dates": [{"when": days}] if days else [],
        "buttons": [Button(_("See your sessions"), page_of(event))],
        "paragraphs": [Paragraph(_(kind.follows))],
    }
    part = _calendar_of(kind, message, event, reader.name) if days else None
    return compose(reader, subject=_(kind.subject) % spoken, context=context, calendar=part)


def _calendar_of(kind: UmbrellaMail, message: Message, event: Event, name: str) -> CalendarPart:
    facts, url, is_over = message.facts, page_of(event), kind.is_over
    appointment = ical.Appointment(
        uid=facts["invite"]["uid"],
        sequence=facts["invite"]["sequence"],
        stamped_at=datetime.fromisoformat(facts["invite"]["stamped_at"]),
        starts_at=datetime.fromisoformat(facts["starts_at"]),
        ends_at=datetime.fromisoformat(facts["ends_at"]),
        timezone=facts["timezone"],
        summary=_("CANCELLED: ") + event.title if is_over else event.title,
        description="\n\n".join([event.summary, _("Your sessions: %s") % url]).strip(),
        url=url,
        is_free=True,
    )
    attendee = ical.Attendee(name=name, address=message.address, partstat=facts["invite"]["partstat"])
    return (ical.cancellation if is_over else ical.invitation)(appointment, attendee)


def _days(facts: dict[str, Any]) -> str:
    first, after = (local(datetime.fromisoformat(facts[name]), facts["timezone"]) for name in ("starts_at", "ends_at"))
    last = after - timedelta(days=1)
    if first.date() == last.date():
        return date_format(first, "l j F Y")
    between = {"first": date_format(first, "l j F"), "last": date_format(last, "l j F Y")}
    return _("%(first)s to %(last)s") % between


HERE = UmbrellaMail(
    name="umbrella-here",
    renderer=render_umbrella,
    subject=gettext_noop("In your calendar: %(title)s, %(days)s"),
    news=gettext_noop("%(title)s is in your calendar, beside the sessions you chose."),
    follows=gettext_noop("It does not block any time there; your sessions do. You do not have to answer."),
)
CHANGED = UmbrellaMail(
    name="umbrella-changed",
    renderer=render_umbrella,
    subject=gettext_noop("Changed: %(title)s, %(days)s"),
    news=gettext_noop("%(title)s has moved to other days, and your calendar is up to date."),
    follows=gettext_noop("Your sessions have emails of their own. You do not have to answer."),
)
LEFT = UmbrellaMail(
    name="umbrella-left",
    renderer=render_umbrella,
    subject=gettext_noop("Out of your calendar: %(title)s, %(days)s"),
    news=gettext_noop("We have taken the entry for all of %(title)s out of your calendar."),
    follows=gettext_noop("This is only about the entry for the whole day: your sessions are on the page."),
    is_over=True,
)
DECLINED = UmbrellaMail(
    name="umbrella-declined",
    renderer=render_umbrella,
    subject=gettext_noop("Do you want to cancel all? %(title)s"),
    news=gettext_noop("You declined all of %(title)s in your calendar. Your sessions are still yours."),
    follows=gettext_noop(
        "If you cannot come, please give your sessions back on the page: others may be waiting for them."
    ),
    has_days=False,
)
