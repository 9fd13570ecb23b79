"""A seat that came free and was booked for the first person on the waiting list."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.kinds.seats.confirmed import BOOKING_CONFIRMED, IS_CONFIRMED
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import with_a_seat_that_came
from registrations.enums import Status

PROMOTED = SeatMail(
    name="registration-promoted",
    texts=Texts(
        subject=gettext_noop("You have a seat: %(title)s, %(date)s"),
        news=gettext_noop("A seat came free, and it is yours: %(title)s."),
        discreet_subject=BOOKING_CONFIRMED,
        discreet_news=IS_CONFIRMED,
    ),
    paragraphs=with_a_seat_that_came,
    repeatable_while=Status.CONFIRMED,
    is_new_entry=True,
    tells_of_clashes=True,
)
