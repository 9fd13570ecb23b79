"""A session does not take place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_other_dates
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import after_a_seat
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _is_off(context: MailContext) -> bool:
    """A calendar is told in any case: if the session takes place after all, the entry comes back under another UID."""
    return context.has_invitation or context.registration.is_cancelled


CANCELLED = SeatMail(
    name="session-cancelled",
    texts=Texts(
        subject=gettext_noop("CANCELLED: %(title)s, %(date)s"),
        news=gettext_noop("%(title)s is cancelled. We are sorry."),
        discreet_subject=gettext_noop("Your booking is cancelled (ref %(reference)s)"),
        discreet_news=gettext_noop("Your booking is cancelled. We are sorry."),
    ),
    paragraphs=after_a_seat,
    buttons=to_other_dates,
    is_still_true=_is_off,
    repeatable_while=Status.CANCELLED,
    example_status=Status.CANCELLED,
    is_ending=True,
    takes_out_of_calendar=True,
)
