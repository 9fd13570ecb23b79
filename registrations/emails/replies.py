"""What people hear about an answer that came from a calendar: always at the registered address (specs/calendar.md 5.4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from registrations.emails.appointments import calendar_of
from registrations.emails.case import Case
from registrations.emails.letters import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.links import cancel_link, keep_link, page_of
from registrations.emails.moments import point
from registrations.emails.titles import fully_titled
from registrations.emails.wording import own_words
from registrations.enums import Answer
from registrations.models import Registration

if TYPE_CHECKING:
    from project.outbox.emails import CalendarPart, Letter
    from project.outbox.models import Message

RELATED = ("attendee", "session__event", "session__venue", "session__round")
TAKEN_OUT = ("reply-too-late", "reply-renewed")  # these carry a CANCEL

# By kind: the subject, and the news.
WORDS = {
    "reply-declined": (
        gettext_noop("You declined: %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s in your calendar, so we are about to give your seat back."),
    ),
    "reply-released": (
        gettext_noop("Seat given back: %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s in your calendar, so your seat has been given back."),
    ),
    "reply-stale": (
        gettext_noop("Can you come at the new time? %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s as it was. It has changed since: can you come now?"),
    ),
    "reply-ask": (
        gettext_noop("Do you give your seat back? %(title)s, %(date)s"),
        gettext_noop("You declined %(title)s in your calendar. Your seat is still yours."),
    ),
    "reply-unverified": (
        gettext_noop("Was this you? %(title)s, %(date)s"),
        gettext_noop(
            "Somebody declined %(title)s in your name, and we cannot tell whether it was you. Your seat is still yours."
        ),
    ),
    "reply-foreign": (
        gettext_noop("Your invitation was answered: %(title)s, %(date)s"),
        gettext_noop(
            "Your invitation to %(title)s was answered with no, from an address that we do not know. Your seat is still yours."
        ),
    ),
    "reply-noted": (
        gettext_noop("Your invitation was answered: %(title)s, %(date)s"),
        gettext_noop("Your invitation to %(title)s was answered from another address than the one it went to."),
    ),
    "reply-counter": (
        gettext_noop("About the time you proposed: %(title)s, %(date)s"),
        gettext_noop(
            "You proposed another time for %(title)s. Others come too, so the time stays as it is, and so does your seat."
        ),
    ),
    "reply-too-late": (
        gettext_noop("No seat any more: %(title)s, %(date)s"),
        gettext_noop(
            "You accepted %(title)s after your seat had been given back, and you cannot have it again. We are sorry."
        ),
    ),
    "reply-renewed": (
        gettext_noop("You have a seat again: %(title)s, %(date)s"),
        gettext_noop("You have a seat at %(title)s, with a new entry in your calendar."),
    ),
}
DISCREET = (gettext_noop("About your booking (ref %(reference)s)"), gettext_noop("There is news about your booking."))


def render_reply(message: Message, now: datetime) -> Letter | None:
    """In the person's language. Nothing where the seat was kept or given back otherwise meanwhile, and the mail asks about it."""
    registration = Registration.objects.select_related(*RELATED).filter(key=str(message.subject_id)).first()
    if registration is None or not _is_still_true(message.kind, registration, now):
        return None
    with override(message.language):
        return reply_letter(Case(message, registration, now))


def _is_still_true(kind: str, registration: Registration, now: datetime) -> bool:
    asks = kind in {"reply-declined", "reply-stale", "reply-ask", "reply-unverified", "reply-foreign", "reply-counter"}
    return not asks or (registration.is_confirmed and now < registration.session.starts_at)


def reply_letter(case: Case) -> Letter:
    """In the language that is active, with the organiser's own words where there are any."""
    reader = Reader(message=case.message, name=case.registration.attendee.name, is_discreet=case.is_discreet)
    subject, news = DISCREET if case.is_discreet else WORDS[case.kind]
    spoken = {"title": fully_titled(case.session), "date": case.when.day, "reference": case.registration.reference}
    context = {
        "news": _(news) % spoken,
        "reference": spoken["reference"] if case.is_discreet else "",
        "dates": [{"when": case.when, "address": case.facts["address"]}],
        "facts": case.facts,
        "until": _until(case),
        "buttons": _buttons(case),
        "paragraphs": [paragraph for paragraph in _paragraphs(case) if paragraph.text],
    }
    own = own_words(reader, case.session, case.when)
    return compose(reader, subject=_(subject) % spoken, context=context, calendar=_taken_out(case), own=own)


def _taken_out(case: Case) -> CalendarPart | None:
    return calendar_of(case) if case.kind in TAKEN_OUT else None


def _until(case: Case) -> str:
    if case.kind != "reply-declined":
        return ""
    moment = datetime.fromisoformat(case.facts["release_at"])
    return _("Until %(moment)s the seat is still yours.") % {"moment": point(moment, case.session.timezone)}


def _buttons(case: Case) -> list[Button]:
    if case.is_discreet:
        return [to_my_sessions()]
    registration, kind = case.registration, case.kind
    if kind in {"reply-declined", "reply-released"}:
        words = _("Keep my seat") if kind == "reply-declined" else _("Take the seat again")
        return [Button(words, keep_link(registration))]
    if kind == "reply-stale":
        return [Button(_("Yes, I will come"), keep_link(registration)), Button(_("No"), keep_link(registration))]
    if kind in {"reply-ask", "reply-unverified", "reply-foreign"}:
        return [Button(_("Give my seat back"), cancel_link(registration))]
    if kind in {"reply-counter", "reply-too-late"}:
        return [Button(_("See other dates"), page_of(case.event))]
    return [Button(_("See your session"), page_of(case.session))]


def _paragraphs(case: Case) -> list[Paragraph]:
    """The words of the person stand first, as they wrote them; nothing of a discreet session is repeated."""
    if case.is_discreet:
        return [Paragraph(_("You find everything about it when you sign in."))]
    comment = Paragraph(str(case.facts.get("comment") or ""), lead=_("You wrote:"))
    return [comment, Paragraph(_explanation(case))]


def _explanation(case: Case) -> str:
    if case.kind == "reply-noted":
        answer = Answer(case.facts["answer"]).label
        return _("The answer was: %(answer)s. If it was not yours, you have nothing to do: your seat stays yours.") % {
            "answer": answer
        }
    return {
        "reply-declined": _("Was it a slip? One click keeps your seat, and puts a new entry in your calendar."),
        "reply-released": _("Was it a slip? One click takes the seat again, if nobody waits for it."),
        "reply-ask": _("You have not given it back yet: others can have it once you do."),
        "reply-unverified": _("If it was not you, you have nothing to do."),
        "reply-foreign": _(
            "Did you forward the invitation, or answer from an account that we do not know? Only an answer from your own address counts. You have nothing to do, unless you cannot come."
        ),
        "reply-counter": _("Does another date suit you better? If there is one, you can move your seat there."),
        "reply-too-late": _("This mail takes it out of your calendar. If there are other dates, you find them here."),
        "reply-renewed": _("This mail takes the old entry out of your calendar; the new one is in a mail of its own."),
    }.get(case.kind, "")
