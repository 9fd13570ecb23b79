"""A colleague invited somebody who already has a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_all_of_mine
from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _paragraphs(_context: MailContext) -> list[Paragraph]:
    has_claim = _(
        "You already have a seat there, an invitation, or a place on the waiting list, on this or another date."
    )
    no_answer = _("So there is nothing to answer, and nothing changes.")
    return [Paragraph(f"{has_claim} {no_answer}")]


COLLEAGUE_COMES_ALREADY = SeatMail(
    name="colleague-comes-already",
    texts=Texts(
        subject=gettext_noop("%(inviter)s would like to come with you: %(title)s, %(date)s"),
        news=gettext_noop("%(inviter)s invited you to %(title)s."),
        discreet_news=gettext_noop("Somebody invited you."),
    ),
    paragraphs=_paragraphs,
    buttons=to_all_of_mine,
    is_still_true=lambda context: not context.registration.is_cancelled,
)
