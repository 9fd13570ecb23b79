from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from project.database.prepared import PreparedRead
from project.text.texts import isolated, nameable
from registrations.emails.appointments import calendar_of
from registrations.emails.buttons import to_answer_the_offer
from registrations.emails.composing import Reader, compose, to_my_sessions
from registrations.emails.context import MailContext
from registrations.emails.wording.custom_texts import custom_wording
from registrations.emails.wording.paragraphs import paragraphs_of
from registrations.emails.wording.times import When, point
from registrations.emails.wording.titles import fully_titled, titled
from registrations.models import Registration

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message
    from registrations.emails.composing import Button
    from registrations.emails.mail_kind import SeatMail, Texts

RELATED = (
    "attendee",
    "session__event",
    "session__venue",
    "session__round",
    "replaces__session__event",
    "replaces__session__venue",
)
_by_key = PreparedRead(lambda key: Registration.objects.select_related(*RELATED).filter(key=key), key=UUID)


def render_about_a_seat(kind: SeatMail, message: Message, now: datetime) -> Letter | None:
    """Renders the mail about one registration, in the person's language. None if it is no longer true (people who were
    promoted meanwhile are not told that they wait), or if the registration is gone (for example that of a colleague who
    never answered).
    """
    context = context_of(kind, message, now)
    if context is None or (kind.is_still_true and not kind.is_still_true(context)):
        return None
    with override(message.language):
        return letter_of(context)


def context_of(kind: SeatMail, message: Message, now: datetime) -> MailContext | None:
    """Returns None if the mail is about no claim or one that is gone, or would go to a stand-in."""
    found = _by_key(key=message.subject_id) if message.subject_id else []
    registration = next(iter(found), None)
    if registration is None or registration.attendee.is_stand_in:
        return None
    return _current(MailContext(kind, message, registration, now))


def _current(context: MailContext) -> MailContext:
    """Somebody who waits for several dates may no longer wait for the one that the mail was queued for; then the mail
    is about the next one.
    """
    waits_for = context.kind.lists_queue_entries and context.queue_entries
    if not waits_for or context.registration in waits_for:
        return context
    return replace(context, registration=waits_for[0])


def letter_of(context: MailContext) -> Letter:
    """In the active language, with the organiser's custom texts if there are any."""
    reader = Reader(message=context.message, name=context.registration.attendee.name, is_discreet=context.is_discreet)
    own = custom_wording(reader, context.session, context.when)
    return compose(
        reader, subject=subject_of(context), context=_context(context), calendar=calendar_of(context), own=own
    )


def _context(context: MailContext) -> dict[str, Any]:
    return {
        "event_kind": context.event.kind,
        "news": news_of(context),
        "reference": context.registration.reference if context.is_discreet else "",
        "dates": dates_in(context),
        "facts": context.facts,
        "joins": context.registration.is_confirmed and not context.kind.is_ending,
        "was": was_in(context),
        "until": until_in(context),
        "buttons": buttons_of(context),
        "paragraphs": paragraphs_of(context),
    }


def dates_in(context: MailContext) -> list[dict[str, Any]]:
    """Returns the date that the mail is about; for people who wait, all of their dates, each with their place in the
    queue.
    """
    if not context.kind.lists_queue_entries:
        return [{"when": context.when, "address": context.facts["address"], "language": _language(context)}]
    return [
        {
            "when": When.of(entry.session),
            "title": _own_title(entry),
            "language": "" if context.is_discreet else entry.session.get_language_display(),
            "number": entry.place,
            "is_one_of_many": len(context.queue_entries) > 1,
        }
        for entry in context.queue_entries
    ]


def _language(context: MailContext) -> str:
    """People who have a seat or decide about one need to know the language. For a discreet session only its page tells
    it.
    """
    is_over = context.is_discreet or context.kind.is_ending
    return "" if is_over else context.session.get_language_display()


def _own_title(entry: Registration) -> str:
    """Returns a title if the dates of a slot differ in more than their time: the parallel sessions of a conference."""
    title = entry.session.title
    return "" if entry.session.event.is_discreet or title == entry.session.event.title else title


def was_in(context: MailContext) -> str:
    was = context.facts.get("was")
    if not was or (context.kind.is_change and When.frozen_in(was) == context.when):
        return ""
    parts = [str(When.frozen_in(was))]
    if not context.is_discreet:
        title = was.get("title", "")
        parts = [title if title != context.session.title else "", *parts, was["place"]]
    return ", ".join(part for part in parts if part)


def until_in(context: MailContext) -> str:
    expires_at = context.registration.offer_expires_at
    if not context.is_offer or expires_at is None:
        return ""
    return _("We are holding the seat for you until %(until)s.") % {
        "until": point(expires_at, context.session.timezone)
    }


def buttons_of(context: MailContext) -> list[Button]:
    """For a discreet session they reveal nothing; while an offer is open, they answer it."""
    if context.is_discreet:
        return [to_my_sessions()]
    return to_answer_the_offer(context) if context.is_offer else context.kind.buttons(context)


def subject_of(context: MailContext) -> str:
    texts = _texts_of(context)
    return say(texts.discreet_subject if context.is_discreet else texts.subject, context)


def news_of(context: MailContext) -> str:
    texts = _texts_of(context)
    return say(texts.discreet_news if context.is_discreet else texts.news, context)


def _texts_of(context: MailContext) -> Texts:
    return context.kind.texts_of(context) if context.kind.texts_of else context.kind.texts


def say(text: str, context: MailContext) -> str:
    """Translates into the active language and fills in what the mail is about."""
    return _(text) % {
        "title": fully_titled(context.session),
        "event": titled(context.event),
        "date": context.when.day,
        "reference": context.registration.reference,
        "inviter": isolated(nameable(context.facts.get("inviter", ""))) or _("A colleague"),
    }
