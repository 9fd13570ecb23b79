"""An offer that nobody answered in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_other_dates
from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import present_seat
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _paragraphs(context: MailContext) -> list[Paragraph]:
    return [
        Paragraph(_("If a seat is free while signing up is open, you can take it.")),
        Paragraph(_("You do not have to cancel anything: nothing was in your calendar.")),
        Paragraph(present_seat(context, _("You still have your seat: %(seat)s."))),
        Paragraph(
            _("You are still waiting for your other dates, in the same place as before.")
            if context.queue_entries
            else ""
        ),
    ]


OFFER_EXPIRED = SeatMail(
    name="offer-expired",
    texts=Texts(
        subject=gettext_noop("Your time to answer has passed: %(title)s, %(date)s"),
        news=gettext_noop("Your time to answer has passed, so we are no longer holding the seat at %(title)s for you."),
        discreet_news=gettext_noop("Your time to answer has passed, so we are no longer holding the seat for you."),
    ),
    paragraphs=_paragraphs,
    buttons=to_other_dates,
    example_status=Status.CANCELLED,
    is_ending=True,
)
