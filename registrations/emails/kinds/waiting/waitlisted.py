"""A place on the waiting list: for one date, for several, or for whichever comes free first (product Q1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_all_of_mine
from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import present_seat
from registrations.emails.wording.promotion import promotion_sentence
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext

DISCREET_SUBJECT = gettext_noop("You are on the waiting list (ref %(reference)s)")
FOR_SEVERAL = Texts(
    subject=gettext_noop("On the waiting list: %(event)s"),
    news=gettext_noop("You are on the waiting list for these dates of %(event)s."),
    discreet_subject=DISCREET_SUBJECT,
    discreet_news=gettext_noop("You are on the waiting list."),
)
FOR_ANY = Texts(
    subject=FOR_SEVERAL.subject,
    news=gettext_noop("You are on the waiting list for whichever date of %(event)s comes free first."),
    discreet_subject=DISCREET_SUBJECT,
    discreet_news=gettext_noop("You are on the waiting list for whichever date comes free first."),
)
FOR_ONE = Texts(
    subject=gettext_noop("On the waiting list: %(title)s, %(date)s"),
    news=gettext_noop("You are on the waiting list for %(title)s."),
    discreet_subject=DISCREET_SUBJECT,
    discreet_news=FOR_SEVERAL.discreet_news,
)


def _texts_of(context: MailContext) -> Texts:
    if context.registration.wants_any_date:
        return FOR_ANY
    return FOR_SEVERAL if len(context.queue_entries) > 1 else FOR_ONE


def _paragraphs(context: MailContext) -> list[Paragraph]:
    return [
        Paragraph(present_seat(context, _("Your present seat stays yours until another one is certain: %(seat)s."))),
        Paragraph(promotion_sentence(context.event)),
        Paragraph(
            _(
                "Nothing is in your calendar yet. In “My sessions” you see your place, and can leave the list at any "
                "time."
            )
        ),
    ]


WAITLISTED = SeatMail(
    name="registration-waitlisted",
    texts=FOR_ONE,
    texts_of=_texts_of,
    paragraphs=_paragraphs,
    buttons=to_all_of_mine,
    is_still_true=lambda context: bool(context.queue_entries),
    repeatable_while=Status.WAITLISTED,
    example_status=Status.WAITLISTED,
    lists_queue_entries=True,
)
