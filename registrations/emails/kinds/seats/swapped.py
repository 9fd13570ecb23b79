"""A seat on another date instead of the previous one."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

SWAPPED = SeatMail(
    name="registration-swapped",
    texts=Texts(
        subject=gettext_noop("Changed: %(title)s, %(date)s"),
        news=gettext_noop("Your swap is done: you now have a seat at %(title)s."),
    ),
    repeatable_while=Status.CONFIRMED,
    tells_of_clashes=True,
)
