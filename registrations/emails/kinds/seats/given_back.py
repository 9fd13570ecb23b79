"""A seat that its owner gave back."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.buttons import to_other_dates
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import after_a_seat
from registrations.enums import Status

GIVEN_BACK = SeatMail(
    name="registration-cancelled",
    texts=Texts(
        subject=gettext_noop("Seat given back: %(title)s, %(date)s"),
        news=gettext_noop("You have given back your seat at %(title)s."),
        discreet_subject=gettext_noop("Your booking is cancelled (ref %(reference)s)"),
        discreet_news=gettext_noop("Your booking is cancelled."),
    ),
    paragraphs=after_a_seat,
    buttons=to_other_dates,
    repeatable_while=Status.CANCELLED,
    example_status=Status.CANCELLED,
    is_ending=True,
    takes_out_of_calendar=True,
)
