"""What we tell people about a reply from a calendar: always at their registered address (specs/calendar.md 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from registrations.emails.appointments import calendar_of
from registrations.emails.buttons import to_other_dates
from registrations.emails.composing import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.context import MailContext
from registrations.emails.links import cancel_link, keep_link
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.registration import news_of, subject_of
from registrations.emails.wording.custom_texts import custom_wording
from registrations.emails.wording.times import point
from registrations.enums import Answer, Status
from registrations.models import Registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from project.outbox.emails import Letter, Renderer
    from project.outbox.models import Message

RELATED = ("attendee", "session__event", "session__venue", "session__round")


def render_reply(kind: ReplyMail, message: Message, now: datetime) -> Letter | None:
    """In the person's language. None if the mail asks about a seat that was kept or given back in another way
    meanwhile.
    """
    registration = Registration.objects.select_related(*RELATED).filter(key=str(message.subject_id)).first()
    if registration is None:
        return None
    context = MailContext(kind, message, registration, now)
    if kind.is_still_true and not kind.is_still_true(context):
        return None
    with override(message.language):
        return reply_letter(context)


def reply_letter(context: MailContext) -> Letter:
    """In the active language, with the organiser's custom texts if there are any."""
    reader = Reader(message=context.message, name=context.registration.attendee.name, is_discreet=context.is_discreet)
    kind = cast("ReplyMail", context.kind)
    said = {
        "event_kind": context.event.kind,
        "news": news_of(context),
        "reference": context.registration.reference if context.is_discreet else "",
        "dates": [{"when": context.when, "address": context.facts["address"]}],
        "facts": context.facts,
        "until": kind.until(context),
        "buttons": [to_my_sessions()] if context.is_discreet else kind.buttons(context),
        "paragraphs": [paragraph for paragraph in kind.paragraphs(context) if paragraph.text],
    }
    own = custom_wording(reader, context.session, context.when)
    taken_out = calendar_of(context) if kind.takes_out_of_calendar else None
    return compose(reader, subject=subject_of(context), context=said, calendar=taken_out, own=own)


def _paragraphs(context: MailContext) -> list[Paragraph]:
    """The person's comment comes first, verbatim; for a discreet session nothing is quoted."""
    if context.is_discreet:
        return [Paragraph(_("You find everything about it when you sign in."))]
    kind = cast("ReplyMail", context.kind)
    comment = Paragraph(str(context.facts.get("comment") or ""), lead=_("You wrote:"))
    return [comment, Paragraph(kind.explanation(context))]


def _has_it_still(context: MailContext) -> bool:
    return context.registration.is_confirmed and context.now < context.session.starts_at


def _nothing(_context: MailContext) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class ReplyMail(SeatMail):
    renderer: Renderer = render_reply
    paragraphs: Callable[[MailContext], list[Paragraph]] = _paragraphs
    explanation: Callable[[MailContext], str] = _nothing
    until: Callable[[MailContext], str] = _nothing


def _texts(subject: str, news: str) -> Texts:
    """For a discreet session all of them say the same."""
    return Texts(
        subject=subject,
        news=news,
        discreet_subject=gettext_noop("About your booking (ref %(reference)s)"),
        discreet_news=gettext_noop("There is news about your booking."),
    )


def _to_keep(text: str) -> Callable[[MailContext], list[Button]]:
    return lambda context: [Button(_(text), keep_link(context.registration))]


def _to_give_back(context: MailContext) -> list[Button]:
    return [Button(_("Give my seat back"), cancel_link(context.registration))]


def _to_answer(context: MailContext) -> list[Button]:
    return [
        Button(_("Yes, I’ll come"), keep_link(context.registration)),
        Button(_("No"), keep_link(context.registration)),
    ]


def _until_release(context: MailContext) -> str:
    moment = datetime.fromisoformat(context.facts["release_at"])
    return _("Until %(moment)s the seat is still yours.") % {"moment": point(moment, context.session.timezone)}


def _what_was_answered(context: MailContext) -> str:
    answer = Answer(context.facts["answer"]).label
    return _("The answer was: %(answer)s. If that wasn’t you, you can ignore this email: your seat stays yours.") % {
        "answer": answer
    }


DECLINED = ReplyMail(
    name="reply-declined",
    texts=_texts(
        gettext_noop("You declined: %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s in your calendar, so we are about to give your seat back."),
    ),
    until=_until_release,
    buttons=_to_keep(gettext_noop("Keep my seat")),
    explanation=lambda _context: _(
        "Was that a mistake? One click keeps your seat, and puts a new entry in your calendar."
    ),
    is_still_true=_has_it_still,
)
RELEASED = ReplyMail(
    name="reply-released",
    texts=_texts(
        gettext_noop("Seat given back: %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s in your calendar, so your seat has been given back."),
    ),
    buttons=_to_keep(gettext_noop("Take the seat again")),
    explanation=lambda _context: _("Was that a mistake? One click takes the seat again, if nobody is waiting for it."),
)
STALE = ReplyMail(
    name="reply-stale",
    texts=_texts(
        gettext_noop("Can you come at the new time? %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s as it was. It has changed since: can you come now?"),
    ),
    buttons=_to_answer,
    is_still_true=_has_it_still,
)
ASK = ReplyMail(
    name="reply-ask",
    texts=_texts(
        gettext_noop("Do you want to give your seat back? %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s in your calendar. Your seat is still yours."),
    ),
    buttons=_to_give_back,
    explanation=lambda _context: _("You have not given it back yet. Once you do, somebody else can have it."),
    is_still_true=_has_it_still,
)
UNVERIFIED = ReplyMail(
    name="reply-unverified",
    texts=_texts(
        gettext_noop("Was this you? %(title)s, %(date)s"),
        gettext_noop(
            "Somebody declined %(title)s in your name, and we cannot tell whether it was you. Your seat is still yours."
        ),
    ),
    buttons=_to_give_back,
    explanation=lambda _context: _("If it wasn’t you, you can ignore this email."),
    is_still_true=_has_it_still,
)
FOREIGN = ReplyMail(
    name="reply-foreign",
    texts=_texts(
        gettext_noop("Your invitation was answered: %(title)s, %(date)s"),
        gettext_noop(
            "Your invitation to %(title)s was answered with no, from an address that we do not know. Your seat is "
            "still yours."
        ),
    ),
    buttons=_to_give_back,
    explanation=lambda _context: _(
        "Did you forward the invitation, or answer from an account that we do not know? Only an answer from your own "
        "address counts. You can ignore this email, unless you can’t come."
    ),
    is_still_true=_has_it_still,
)
NOTED = ReplyMail(
    name="reply-noted",
    texts=_texts(
        gettext_noop("Your invitation was answered: %(title)s, %(date)s"),
        gettext_noop("Your invitation to %(title)s was answered from another address than the one it went to."),
    ),
    explanation=_what_was_answered,
)
COUNTER = ReplyMail(
    name="reply-counter",
    texts=_texts(
        gettext_noop("About the time you proposed: %(title)s, %(date)s"),
        gettext_noop(
            "You proposed another time for %(title)s. Others come too, so the time stays as it is, and so does your "
            "seat."
        ),
    ),
    buttons=to_other_dates,
    explanation=lambda _context: _("Does another date suit you better? If there is one, you can move your seat there."),
    is_still_true=_has_it_still,
)
TOO_LATE = ReplyMail(
    name="reply-too-late",
    texts=_texts(
        gettext_noop("No seat any more: %(title)s, %(date)s"),
        gettext_noop(
            "You accepted %(title)s after your seat had been given back, and you cannot have it again. We are sorry."
        ),
    ),
    buttons=to_other_dates,
    explanation=lambda _context: _(
        "This email takes it out of your calendar. If there are other dates, you find them here."
    ),
    example_status=Status.CANCELLED,
    takes_out_of_calendar=True,
)
RENEWED = ReplyMail(
    name="reply-renewed",
    texts=_texts(
        gettext_noop("You have a seat again: %(title)s, %(date)s"),
        gettext_noop("You have a seat at %(title)s, with a new entry in your calendar."),
    ),
    explanation=lambda _context: _(
        "This email takes the old entry out of your calendar; the new one is in an email of its own."
    ),
    example_status=Status.CANCELLED,
    takes_out_of_calendar=True,
)
