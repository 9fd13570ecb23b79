"""What several kinds of mail say below their button, the same in text and HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from registrations.emails.composing import Paragraph
from registrations.emails.links import cancel_link, page_of
from registrations.emails.wording.clashes import clash_sentence
from registrations.emails.wording.promotion import promotion_sentence
from registrations.emails.wording.times import When
from registrations.emails.wording.titles import titled

if TYPE_CHECKING:
    from events.models import Session
    from registrations.emails.context import MailContext
    from registrations.models import Registration


def paragraphs_of(context: MailContext) -> list[Paragraph]:
    said = [*_about_the_offer(context), *context.kind.paragraphs(context)]
    if context.is_discreet:
        said.append(Paragraph(_("You find everything about it when you sign in.")))
    return [paragraph for paragraph in said if paragraph.text]


def with_a_seat(context: MailContext) -> list[Paragraph]:
    said = _with_a_seat(context)
    has_way_back = context.registration.is_confirmed and not context.facts.get("is_brief")
    return [*said, way_back(context)] if has_way_back else said


def with_a_seat_that_came(context: MailContext) -> list[Paragraph]:
    """People seated from the waiting list did not ask for the seat just now, so the mail first says how easy it is to
    give it back.
    """
    said = _with_a_seat(context)
    if not context.registration.is_confirmed or context.facts.get("is_brief"):
        return said
    words = _("Doesn’t it suit you any more? Give your seat back, so that others can have it.")
    return [Paragraph(words) if context.is_discreet else _given_back_by_a_click(context, words), *said]


def _with_a_seat(context: MailContext) -> list[Paragraph]:
    in_calendar = Paragraph(_calendar_sentence(context))
    if context.facts.get("is_brief"):
        return [in_calendar]
    way = [way_there(context.session)] if context.kind.is_new_entry else []
    return [in_calendar, Paragraph(clash_sentence(context)), content_note(context), *way]


def _calendar_sentence(context: MailContext) -> str:
    if not context.has_invitation:
        return ""
    if not context.kind.is_new_entry and ("was" in context.facts or context.kind.updates_entry):
        return _(
            "This email also updates the entry in your calendar. You do not have to answer: no answer means that you "
            "are still coming."
        )
    return _(
        "The invitation in this email puts it in your calendar. You do not have to answer: no answer means that you "
        "are coming."
    )


def way_back(context: MailContext) -> Paragraph:
    if context.is_discreet:
        return Paragraph("")
    return _given_back_by_a_click(context, _("Can’t make it? Give your seat back, so that others can have it."))


def _given_back_by_a_click(context: MailContext, words: str) -> Paragraph:
    return Paragraph(words, link_text=_("Give it back"), url=cancel_link(context.registration))


def _about_the_offer(context: MailContext) -> list[Paragraph]:
    """What a change of the date did to an offer, told in the same mail as the change."""
    if context.has_lost_offer and context.registration.is_waiting:
        back = _(
            "It is too close to that date to keep the seat that we offered you. You are on the waiting list again, "
            "where you were."
        )
        return [Paragraph(back), Paragraph(promotion_sentence(context.event))]
    if context.has_lost_offer:
        return [Paragraph(_("It is too late to keep the seat that was offered to you. There is nothing to cancel."))]
    if context.is_offer and not context.kind.is_offer:
        return [
            Paragraph(
                _("This is the new deadline. If we do not hear from you by then, we stop holding the seat for you.")
            )
        ]
    return []


def after_a_seat(context: MailContext) -> list[Paragraph]:
    return [Paragraph(_("We have taken it out of your calendar.") if context.has_invitation else "")]


def what_it_is(context: MailContext) -> Paragraph:
    if context.is_discreet:
        return Paragraph("")
    summary = context.event.summary or context.event.title
    return Paragraph(summary, link_text=_("What to expect"), url=page_of(context.session), is_typed=True)


def way_there(session: Session) -> Paragraph:
    """How to find the room, if we know; for a discreet session only its page tells it."""
    directions = session.venue.directions if session.venue and not session.event.is_discreet else ""
    said = Paragraph(" ".join(directions.split()), lead=_("How to find it:"), is_typed=True)
    is_shown = said.text and session.map_url
    return replace(said, link_text=_("Show on the map"), url=session.map_url) if is_shown else said


def present_seat(context: MailContext, words: str) -> str:
    """Puts the seat that a swap would give up into `words`; empty if there is none (any more)."""
    held: Registration | None = context.registration.replaces
    if held is None or not (held.holds_a_seat and held.fills_slot):
        return ""
    when = str(When.of(held.session))
    same = context.is_discreet or held.session.title == context.session.title
    return words % {"seat": when if same else f"{titled(held.session)}, {when}"}


def content_note(context: MailContext) -> Paragraph:
    return Paragraph("" if context.is_discreet else context.event.content_note, lead=_("Good to know:"), is_typed=True)
