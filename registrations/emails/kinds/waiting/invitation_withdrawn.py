"""A colleague has withdrawn an invitation that was not answered yet."""

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
    attendee = context.registration.attendee
    is_stranger = attendee.last_login is None and not attendee.name
    return [
        Paragraph(_("You do not have to cancel anything: nothing was in your calendar.")),
        Paragraph(_("You are welcome to take a seat yourself, as long as one is free.")),
        Paragraph(_("If you do nothing, we delete your address.") if is_stranger else ""),
    ]


INVITATION_WITHDRAWN = SeatMail(
    name="invitation-withdrawn",
    texts=Texts(
        subject=gettext_noop("%(inviter)s has withdrawn the invitation: %(title)s, %(date)s"),
        news=gettext_noop("%(inviter)s has withdrawn the invitation to %(title)s."),
        discreet_subject=gettext_noop("An invitation was withdrawn (ref %(reference)s)"),
        discreet_news=gettext_noop("The invitation was withdrawn."),
    ),
    paragraphs=_paragraphs,
    buttons=to_other_dates,
    example_status=Status.CANCELLED,
    is_ending=True,
)
