"""The description of a session has changed."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import what_it_is, with_a_seat
from registrations.enums import Status

TEXTS_CHANGED = SeatMail(
    name="texts-changed",
    texts=Texts(
        subject=gettext_noop("New text: %(title)s, %(date)s"),
        news=gettext_noop("The text about %(title)s has changed. Time and place stay the same."),
    ),
    paragraphs=lambda context: [what_it_is(context), *with_a_seat(context)],
    repeatable_while=Status.CONFIRMED,
    updates_entry=True,
)
