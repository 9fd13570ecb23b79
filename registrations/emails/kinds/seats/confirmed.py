"""A seat that somebody took."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

# Shared by all confirmations of a seat at a discreet session.
BOOKING_CONFIRMED = gettext_noop("Your booking is confirmed (ref %(reference)s)")
IS_CONFIRMED = gettext_noop("Your booking is confirmed.")

CONFIRMED = SeatMail(
    name="registration-confirmed",
    texts=Texts(
        subject=gettext_noop("Confirmed: %(title)s, %(date)s"),
        news=gettext_noop("You have a seat at %(title)s."),
        discreet_subject=BOOKING_CONFIRMED,
        discreet_news=IS_CONFIRMED,
    ),
    repeatable_while=Status.CONFIRMED,
    is_new_entry=True,
    tells_of_clashes=True,
)
