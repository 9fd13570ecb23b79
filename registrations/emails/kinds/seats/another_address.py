"""Somebody changed their address: the entry is removed from the calendar of the old one and added to that of the new
one.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts

LEFT = SeatMail(
    name="appointment-left",
    texts=Texts(
        subject=gettext_noop("At your new address: %(title)s, %(date)s"),
        news=gettext_noop("You gave us another address, so %(title)s is leaving the calendar of this one."),
    ),
    paragraphs=lambda _context: [
        Paragraph(_("Your seat is still yours; a new invitation is on its way to your new address."))
    ],
    is_editable=False,  # the same for every event
    is_ending=True,
    takes_out_of_calendar=True,
)
HERE = SeatMail(
    name="appointment-here",
    texts=Texts(
        subject=gettext_noop("In your calendar: %(title)s, %(date)s"),
        news=gettext_noop("You have a seat at %(title)s. From now on we write about it to this address."),
    ),
    is_editable=False,
)
