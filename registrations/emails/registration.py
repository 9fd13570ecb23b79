from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from project.database.prepared import PreparedRead
from registrations.emails.appointments import calendar_of
from registrations.emails.case import ENDINGS, Case
from registrations.emails.letters import Button, Reader, compose, to_my_sessions
from registrations.emails.links import offer_link, page_of, still_coming_link
from registrations.emails.moments import When, point
from registrations.emails.paragraphs import paragraphs_of
from registrations.emails.wording import own_words
from registrations.emails.words import news_of, subject_of
from registrations.models import Registration
from registrations.rules import has_run_out, why_closed
from registrations.rules.schedules import collects_changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message

WITHOUT_A_BUTTON_OF_THEIR_OWN = ("registration-waitlisted", "registration-requested", "colleague-comes-already")
CHANGES = ("session-moved", "session-relocated", "link-changed")
RELATED = (
    "attendee",
    "session__event",
    "session__venue",
    "session__round",
    "replaces__session__event",
    "replaces__session__venue",
)
_by_key = PreparedRead(lambda key: Registration.objects.select_related(*RELATED).filter(key=key), key=UUID)


def render(message: Message, now: datetime) -> Letter | None:
    """The mail about one registration, in the person's language. Nothing where it is no longer true: who was promoted meanwhile is
    not told any more that they wait. Nothing either where the registration is gone, as that of a colleague who never answered.
    """
    case = case_of(message, now)
    if case is None:
        return None
    is_still_true = STILL_TRUE.get(case.kind)
    if is_still_true and not is_still_true(case):
        return None
    with override(message.language):
        return letter_of(case)


def case_of(message: Message, now: datetime) -> Case | None:
    """Nothing where the mail is about no claim, about one that is gone, or would go to nobody."""
    found = _by_key(key=message.subject_id) if message.subject_id else []
    registration = next(iter(found), None)
    if registration is None or registration.attendee.is_stand_in:
        return None
    return _current(Case(message, registration, now))


def _current(case: Case) -> Case:
    """A wish for several dates may have lost the one that the mail was queued for; it is then about the next of them."""
    is_about_a_wish = case.kind == "registration-waitlisted" and case.wishes
    if not is_about_a_wish or case.registration in case.wishes:
        return case
    return replace(case, registration=case.wishes[0])


def _waits(case: Case) -> bool:
    return bool(case.wishes)


def _is_asked(case: Case) -> bool:
    return case.registration.is_offered and not has_run_out(case.registration, case.now)


def _is_about_an_offer(case: Case) -> bool:
    return _is_asked(case) or case.has_lost_offer


def _has_a_claim(case: Case) -> bool:
    return not case.registration.is_cancelled


def _may_take_it(case: Case) -> bool:
    is_open = case.registration.is_waiting and why_closed(case.session, case.now) is None
    return is_open and not case.has_other_seat


def _is_undecided(case: Case) -> bool:
    return case.registration.is_requested


def _is_worth_telling(case: Case) -> bool:
    """Changes of a conference may wait for weeks: whose wish ended meanwhile, with a seat elsewhere, hears nothing of them."""
    is_over = case.registration.is_cancelled and not case.has_invitation
    return not (is_over and collects_changes(case.event))


def _is_off(case: Case) -> bool:
    """A calendar hears of it in any case: after all it comes back under another UID."""
    return case.has_invitation or case.registration.is_cancelled


def _is_back_as_told(case: Case) -> bool:
    """Who got a seat from the list in the meantime, or left it, has been told that."""
    return bool(case.facts.get("status", case.registration.status) == case.registration.status)


STILL_TRUE: dict[str, Callable[[Case], bool]] = {
    "registration-waitlisted": _waits,
    "registration-offered": _is_asked,
    "colleague-invited": _is_asked,
    "offer-changed": _is_about_an_offer,
    "colleague-comes-already": _has_a_claim,
    "seat-open": _may_take_it,
    "registration-requested": _is_undecided,
    "session-cancelled": _is_off,
    "session-reinstated": _is_back_as_told,
    **dict.fromkeys(CHANGES, _is_worth_telling),
}


def letter_of(case: Case) -> Letter:
    """In the language that is active, with the organiser's own words where there are any."""
    reader = Reader(message=case.message, name=case.registration.attendee.name, is_discreet=case.is_discreet)
    own = own_words(reader, case.session, case.when)
    return compose(reader, subject=subject_of(case), context=_context(case), calendar=calendar_of(case), own=own)


def _context(case: Case) -> dict[str, Any]:
    return {
        "news": news_of(case),
        "reference": case.registration.reference if case.is_discreet else "",
        "dates": dates_in(case),
        "facts": case.facts,
        "joins": case.registration.is_confirmed and case.kind not in ENDINGS,
        "was": was_in(case),
        "until": until_in(case),
        "buttons": buttons_of(case),
        "paragraphs": paragraphs_of(case),
    }


def dates_in(case: Case) -> list[dict[str, Any]]:
    """The date that the mail is about; of a wish all of them, each with the own place."""
    if case.kind != "registration-waitlisted":
        return [{"when": case.when, "address": case.facts["address"], "language": _language(case)}]
    return [
        {
            "when": When.of(wish.session),
            "title": _own_title(wish),
            "language": "" if case.is_discreet else wish.session.get_language_display(),
            "number": wish.place,
            "is_one_of_many": len(case.wishes) > 1,
        }
        for wish in case.wishes
    ]


def _language(case: Case) -> str:
    """Who has a seat, or decides about one, has to know; a discreet session has it on its page."""
    is_over = case.is_discreet or case.kind in ENDINGS
    return "" if is_over else case.session.get_language_display()


def _own_title(wish: Registration) -> str:
    """Where the dates of a slot differ in more than their time: the parallel sessions of a conference."""
    title = wish.session.title
    return "" if wish.session.event.is_discreet or title == wish.session.event.title else title


def was_in(case: Case) -> str:
    was = case.facts.get("was")
    if not was or (case.kind in CHANGES and When.frozen_in(was) == case.when):
        return ""
    parts = [str(When.frozen_in(was))]
    if not case.is_discreet:
        title = was.get("title", "")
        parts = [title if title != case.session.title else "", *parts, was["place"]]
    return ", ".join(part for part in parts if part)


def until_in(case: Case) -> str:
    expires_at = case.registration.offer_expires_at
    if not case.is_offer or expires_at is None:
        return ""
    return _("We keep the seat for you until %(until)s.") % {"until": point(expires_at, case.session.timezone)}


def buttons_of(case: Case) -> list[Button]:
    if case.is_discreet or case.kind in WITHOUT_A_BUTTON_OF_THEIR_OWN:
        return [to_my_sessions()]
    if case.is_offer:
        answer = offer_link(case.registration)
        return [Button(_("Yes, I will come"), answer), Button(_("No, thank you"), answer)]
    if case.kind == "still-coming":
        answer = still_coming_link(case.registration)
        return [Button(_("Yes, I am coming"), answer), Button(_("Give my seat back"), answer)]
    if case.kind in ENDINGS and case.kind not in {"appointment-left", "door-mistake"}:
        return [Button(_("See other dates"), page_of(case.event))]
    words = _("Take the seat") if case.kind == "seat-open" else _("See your session")
    return [Button(words, page_of(case.session))]
