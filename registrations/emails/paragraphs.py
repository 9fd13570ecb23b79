"""What a mail says below its button, by kind; in the text and the HTML alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from registrations.emails.case import ENDINGS, OFFERS, Case
from registrations.emails.clashes import clash_sentence
from registrations.emails.letters import Paragraph
from registrations.emails.links import cancel_link, page_of
from registrations.emails.moments import When
from registrations.emails.promotion import promotion_sentence
from registrations.emails.titles import titled
from registrations.rules import COLLEAGUE_ANSWERS_WITHIN

if TYPE_CHECKING:
    from datetime import timedelta

    from events.models import Session
    from registrations.models import Registration

PROMOTED, TEXTS_CHANGED = "registration-promoted", "texts-changed"
NEW_ENTRIES = (PROMOTED, "registration-confirmed")


def paragraphs_of(case: Case) -> list[Paragraph]:
    says = {
        "registration-waitlisted": _while_waiting,
        "registration-offered": _with_an_offer,
        "colleague-invited": _with_an_invitation,
        "colleague-comes-already": _with_nothing_to_answer,
        "seat-open": _with_an_open_seat,
        "registration-requested": _with_a_request,
        "request-declined": _after_a_refusal,
        "offer-expired": _after_an_offer,
        "offer-changed": _with_a_seat,
        "reminder": _before_it,
        "appointment-left": _at_the_old_address,
        TEXTS_CHANGED: _with_new_texts,
        "still-coming": _with_a_question,
    }.get(case.kind, _after_a_seat if case.kind in ENDINGS else _with_a_seat)
    said = [*_about_the_offer(case), *says(case)]
    if case.is_discreet:
        said.append(Paragraph(_("You find everything about it when you sign in.")))
    return [paragraph for paragraph in said if paragraph.text]


def _about_the_offer(case: Case) -> list[Paragraph]:
    """What a change of the date did to an offer: told with the change, in the same mail."""
    if case.has_lost_offer and case.registration.is_waiting:
        back = _(
            "It is too close to that date to keep the seat that we offered you. You are on the waiting list again, where you were."
        )
        return [Paragraph(back), Paragraph(promotion_sentence(case.event))]
    if case.has_lost_offer:
        return [Paragraph(_("It is too late to keep the seat that was offered to you. There is nothing to cancel."))]
    if case.is_offer and case.kind not in OFFERS:
        return [
            Paragraph(
                _(
                    "This is the deadline now, whatever we wrote before. If we do not hear from you, we no longer keep the seat for you."
                )
            )
        ]
    return []


def _with_a_seat(case: Case) -> list[Paragraph]:
    if case.facts.get("is_brief"):
        return [Paragraph(_calendar_sentence(case))]
    said = [Paragraph(_calendar_sentence(case)), Paragraph(clash_sentence(case)), _content_note(case)]
    if not case.registration.is_confirmed:
        return said
    return [_way_back(case), *said] if case.kind == PROMOTED else [*said, _way_back(case)]


def _with_new_texts(case: Case) -> list[Paragraph]:
    return [_what_it_is(case), *_with_a_seat(case)]


def _calendar_sentence(case: Case) -> str:
    if not case.has_invitation:
        return ""
    if case.kind not in NEW_ENTRIES and ("was" in case.facts or case.kind == TEXTS_CHANGED):
        return _(
            "This mail also updates the entry in your calendar. You do not have to answer: no answer means that you are still coming."
        )
    return _(
        "The invitation in this mail puts it in your calendar. You do not have to answer: no answer means that you are coming."
    )


def _way_back(case: Case) -> Paragraph:
    """Who was given a seat by the list has not asked for it this very moment, so they read first how easy it is to give it back."""
    words = _("Can’t make it? Give your seat back, so that others can have it.")
    if case.kind == PROMOTED:
        words = _("Does it not suit you any more? Give it back in one click, so that others can have it.")
    if case.is_discreet:
        return Paragraph(words if case.kind == PROMOTED else "")
    return Paragraph(words, link_text=_("Give it back"), url=cancel_link(case.registration))


def _after_a_seat(case: Case) -> list[Paragraph]:
    return [Paragraph(_("We have taken it out of your calendar.") if case.has_invitation else "")]


def _while_waiting(case: Case) -> list[Paragraph]:
    return [
        Paragraph(_present_seat(case, _("Your present seat stays yours until another one is certain: %(seat)s."))),
        Paragraph(promotion_sentence(case.event)),
        Paragraph(
            _(
                "Nothing is in your calendar yet. In “My sessions” you see your place, and can leave the list at any time."
            )
        ),
    ]


def _with_an_offer(case: Case) -> list[Paragraph]:
    rests = _("Until you answer, your other dates rest. Say no, or nothing, and you wait for them as before.")
    return [
        Paragraph(_present_seat(case, _("Your present seat stays yours until you say yes: %(seat)s."))),
        Paragraph(_("If we do not hear from you, we no longer keep the seat for you.")),
        Paragraph(rests if case.wishes else ""),
        Paragraph(clash_sentence(case)),
        _content_note(case),
    ]


def _with_an_invitation(case: Case) -> list[Paragraph]:
    """A colleague who was never here before is forgotten if they do not answer (product S4, `waitlist.forget_strangers`)."""
    in_that_case = _("You only come if you say yes. If you do nothing, we no longer keep the seat for you.")
    attendee = case.registration.attendee
    if attendee.last_login is None and not attendee.name:
        in_that_case = _(
            "You only come if you say yes. If you do nothing, we no longer keep the seat for you, and delete your address."
        )
    answer_within = _("You have %(hours)d hours to answer.") % {"hours": _hours(COLLEAGUE_ANSWERS_WITHIN)}
    return [
        _what_it_is(case),
        Paragraph(f"{answer_within} {in_that_case}"),
        Paragraph(clash_sentence(case)),
        _content_note(case),
    ]


def _with_nothing_to_answer(_case: Case) -> list[Paragraph]:
    has_claim = _("You have a seat there, on this or another date, or an invitation, or a place on the waiting list.")
    no_answer = _("So there is nothing to answer, and nothing changes.")
    return [Paragraph(f"{has_claim} {no_answer}")]


def _what_it_is(case: Case) -> Paragraph:
    if case.is_discreet:
        return Paragraph("")
    summary = case.event.summary or case.event.title
    return Paragraph(summary, link_text=_("Read what it is like"), url=page_of(case.session), is_typed=True)


def _hours(time: timedelta) -> int:
    return int(time.total_seconds() // 3600)


def _with_an_open_seat(case: Case) -> list[Paragraph]:
    return [
        Paragraph(
            _(
                "Everybody who waits gets this mail, so it may be gone when you look. You keep your place in the waiting list either way."
            )
        ),
        Paragraph(_present_seat(case, _("Your present seat stays yours until you take this one: %(seat)s."))),
    ]


def _with_a_request(case: Case) -> list[Paragraph]:
    return [
        Paragraph(
            _(
                "An organiser reads your request, and we mail you the answer. Until then no seat is yours and nothing is in your calendar."
            )
        )
    ]


def _after_a_refusal(case: Case) -> list[Paragraph]:
    """Of a discreet session the reason stays on the page: whoever wrote it may have named the subject."""
    reason = "" if case.is_discreet else str(case.facts.get("reason", ""))
    return [
        Paragraph(reason, lead=_("The organiser writes:"), is_typed=True),
        Paragraph(_("There is nothing to cancel: nothing was in your calendar.")),
    ]


def _after_an_offer(case: Case) -> list[Paragraph]:
    return [
        Paragraph(_("If a seat is free while signing up is open, you can take it.")),
        Paragraph(_("No harm done, and there is nothing to cancel: nothing was in your calendar.")),
        Paragraph(_present_seat(case, _("You still have your seat: %(seat)s."))),
        Paragraph(_("You still wait for your other dates, with your place as it was.") if case.wishes else ""),
    ]


def _before_it(case: Case) -> list[Paragraph]:
    return [_content_note(case), way_there(case.session), _way_back(case)]


def _at_the_old_address(_case: Case) -> list[Paragraph]:
    return [Paragraph(_("Your seat is still yours; a new invitation is on its way to your new address."))]


def _with_a_question(case: Case) -> list[Paragraph]:
    """Who does not answer keeps the seat: it is a question and no deadline."""
    return [
        Paragraph(_("If you say nothing, your seat stays yours.")),
        Paragraph(_("Nobody asks why, and giving it back is never held against you.")),
    ]


def way_there(session: Session) -> Paragraph:
    """How to find the room, where the house knows; a discreet session has it on its page."""
    directions = session.venue.directions if session.venue and not session.event.is_discreet else ""
    return Paragraph(" ".join(directions.split()), lead=_("How to find it:"), is_typed=True)


def _present_seat(case: Case, words: str) -> str:
    """`words` about the seat that a swap would give up; nothing where there is none (any more)."""
    held: Registration | None = case.registration.replaces
    if held is None or not (held.holds_a_seat and held.fills_slot):
        return ""
    when = str(When.of(held.session))
    same = case.is_discreet or held.session.title == case.session.title
    return words % {"seat": when if same else f"{titled(held.session)}, {when}"}


def _content_note(case: Case) -> Paragraph:
    return Paragraph("" if case.is_discreet else case.event.content_note, lead=_("Good to know:"), is_typed=True)
