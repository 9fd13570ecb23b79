"""Somebody else was checked in under this person's name, which was corrected."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import after_a_seat
from registrations.enums import Status

DOOR_MISTAKE = SeatMail(
    name="door-mistake",
    texts=Texts(
        subject=gettext_noop("Changed: %(title)s, %(date)s"),
        news=gettext_noop(
            "At the door of %(title)s somebody else was checked in as you by mistake. We have undone it; nothing has "
            "changed for you."
        ),
        discreet_news=gettext_noop(
            "At the door somebody else was checked in as you by mistake. We have undone it; nothing has changed for "
            "you."
        ),
    ),
    paragraphs=after_a_seat,
    example_status=Status.CANCELLED,
    is_ending=True,
    takes_out_of_calendar=True,
)
