"""There is another link to join a session online."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from registrations.emails.kinds.changes.moved import is_worth_telling
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

LINK_CHANGED = SeatMail(
    name="link-changed",
    texts=Texts(
        subject=gettext_noop("Changed: %(title)s, %(date)s"),
        news=gettext_noop("There is a new link to join %(title)s online."),
        discreet_news=gettext_noop("There is a new link to join online."),
    ),
    is_still_true=is_worth_telling,
    repeatable_while=Status.CONFIRMED,
    is_change=True,
)
