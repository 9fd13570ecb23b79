"""A request that an organiser turned down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_other_dates
from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _paragraphs(context: MailContext) -> list[Paragraph]:
    """For a discreet session only the page shows the reason: its author may have named the subject."""
    reason = "" if context.is_discreet else str(context.facts.get("reason", ""))
    return [
        Paragraph(reason, lead=_("The organiser writes:"), is_typed=True),
        Paragraph(_("There is nothing to cancel: nothing was in your calendar.")),
    ]


REQUEST_DECLINED = SeatMail(
    name="request-declined",
    texts=Texts(
        subject=gettext_noop("About your request: %(title)s, %(date)s"),
        news=gettext_noop("We’re sorry: we cannot give you a seat at %(title)s on this date."),
        discreet_subject=gettext_noop("About your request (ref %(reference)s)"),
        discreet_news=gettext_noop("We’re sorry: we cannot give you a seat on this date."),
    ),
    paragraphs=_paragraphs,
    buttons=to_other_dates,
    example_status=Status.CANCELLED,
    is_ending=True,
)
