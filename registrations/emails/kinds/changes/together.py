"""Several mails to one person that are due at the same time: one mail, with a part for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from events.models import Event
from project.outbox.emails import MailKind
from project.outbox.services import bundles
from project.outbox.services.bundles import kind_of, parts_of
from registrations.emails.composing import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.kinds.announcements import MAX_DATES, date_of, dates_to_come
from registrations.emails.links import page_of
from registrations.emails.mail_kind import SeatMail
from registrations.emails.registration import buttons_of, context_of, dates_in, news_of, until_in, was_in
from registrations.emails.wording.paragraphs import paragraphs_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message
    from registrations.emails.context import MailContext


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one of the mails says: its dates, with the news above the first, and what is put below the dates of all
    parts.
    """

    event: Event
    reference: str
    dates: list[dict[str, Any]]
    paragraphs: list[Paragraph]


def render_together(_kind: MailKind, message: Message, now: datetime) -> Letter | None:
    """Contains the mails that are still true; if only one is, that mail itself is sent."""
    letters = [(part, kind_of(part).render(part, now)) for part in parts_of(message)]
    told = [(part, letter) for part, letter in letters if letter]
    if not told:
        return None
    if len(told) == 1:
        return told[0][1]
    with override(message.language):
        return _letter(message, [_part(part, now) for part, _letter_alone in told])


def _letter(message: Message, parts: list[Part]) -> Letter:
    """Has no custom texts: those belong to one event and one kind of mail, and here they would introduce others."""
    is_discreet = parts[0].event.is_discreet  # the same for all: a bundle never mixes the two
    events = {part.event.pk for part in parts}
    number = sum(len(part.dates) for part in parts)
    words = {"number": number, "title": parts[0].event.title, "reference": parts[0].reference}
    subject = _("News about %(number)d dates: %(title)s") if len(events) == 1 else _("News about %(number)d dates")
    news = _("There is news about %(number)d dates.")
    if is_discreet:
        subject, news = _("News about your bookings (ref %(reference)s)"), _("There is news about your bookings.")
    context = {
        "news": news % words,
        "dates": [date for part in parts for date in part.dates],
        "buttons": [to_my_sessions()],
        "paragraphs": _said_once(paragraph for part in parts for paragraph in part.paragraphs),
    }
    return compose(Reader.of(message, is_discreet=is_discreet), subject=subject % words, context=context)


def _said_once(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Text that holds for several dates appears once. Links are left out, since each date has its own."""
    return list(dict.fromkeys(replace(one, link_text="", url="") for one in paragraphs if one.text))


def _part(message: Message, now: datetime) -> Part:
    kind = kind_of(message)
    context = context_of(kind, message, now) if isinstance(kind, SeatMail) else None
    return _of_dates(message, now) if context is None else _of_a_claim(context)


def _of_a_claim(context: MailContext) -> Part:
    dates = dates_in(context)
    dates[0] |= {"news": news_of(context)}
    dates[-1] |= {
        "was": was_in(context),
        "until": until_in(context),
        "link": None if context.is_discreet else buttons_of(context)[0],
    }
    dates[-1] |= {"reference": context.registration.reference if context.is_discreet else ""}
    reference = context.registration.reference
    return Part(event=context.event, reference=reference, dates=dates, paragraphs=paragraphs_of(context))


def _of_dates(message: Message, now: datetime) -> Part:
    """About the dates of an event that somebody asked to be told about."""
    event = Event.objects.get(key=str(message.subject_id))
    coming = dates_to_come(event, now)
    dates = [date_of(session) for session in coming[:MAX_DATES]]
    news = (
        _("There are dates for what you asked about.")
        if event.is_discreet
        else _("There are dates for %(title)s. You asked us to tell you.")
    )
    dates[0] |= {"news": news % {"title": event.title}}
    more = len(coming) - len(dates)
    words = ngettext("And %(number)d more date on the page.", "And %(number)d more dates on the page.", more)
    dates[-1] |= {"until": words % {"number": more} if more else ""}
    if not event.is_discreet:
        dates[-1] |= {"link": Button(_("Choose your date"), page_of(event))}
    return Part(event=event, reference=event.key.hex[:6].upper(), dates=dates, paragraphs=[])


TOGETHER = MailKind(name=bundles.TOGETHER, renderer=render_together)
