"""A request for a seat that an organiser decides about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_all_of_mine
from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _paragraphs(_context: MailContext) -> list[Paragraph]:
    return [
        Paragraph(
            _(
                "An organiser reads your request, and we email you the answer. Until then no seat is yours and nothing"
                " is in your calendar."
            )
        )
    ]


REQUESTED = SeatMail(
    name="registration-requested",
    texts=Texts(
        subject=gettext_noop("We have your request: %(title)s, %(date)s"),
        news=gettext_noop("You have asked for a seat at %(title)s."),
        discreet_subject=gettext_noop("We have your request (ref %(reference)s)"),
        discreet_news=gettext_noop("You have asked for a seat."),
    ),
    paragraphs=_paragraphs,
    buttons=to_all_of_mine,
    is_still_true=lambda context: context.registration.is_requested,
    repeatable_while=Status.REQUESTED,
    example_status=Status.REQUESTED,
)
