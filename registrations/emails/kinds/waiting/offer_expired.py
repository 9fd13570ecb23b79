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
        Paragraph(_("You don’t need to cancel anything: nothing was in your calendar.")),
        Paragraph(present_seat(context, _("You still have your seat: %(seat)s."))),
        Paragraph(
            _("You still wait for your other dates, with your place as it was.") if context.queue_entries else ""
        ),
    ]


OFFER_EXPIRED = SeatMail(
    name="offer-expired",
    texts=Texts(
        subject=gettext_noop("The time to answer is over: %(title)s, %(date)s"),
        news=gettext_noop("The time to answer is over, and we no longer keep the seat at %(title)s for you."),
        discreet_news=gettext_noop("The time to answer is over, and we no longer keep the seat for you."),
    ),
    paragraphs=_paragraphs,
    buttons=to_other_dates,
    example_status=Status.CANCELLED,
    is_ending=True,
)
