"""A session takes place at another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status
from registrations.rules.schedules import collects_changes

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def is_worth_telling(context: MailContext) -> bool:
    """Changes of a conference may be held back for weeks: people who stopped waiting meanwhile or have a seat elsewhere
    are not told.
    """
    is_over = context.registration.is_cancelled and not context.has_invitation
    return not (is_over and collects_changes(context.event))


MOVED = SeatMail(
    name="session-moved",
    texts=Texts(
        subject=gettext_noop("Changed: %(title)s, %(date)s"),
        news=gettext_noop("%(title)s has moved to another time."),
    ),
    is_still_true=is_worth_telling,
    repeatable_while=Status.CONFIRMED,
    tells_of_offers=True,
    is_change=True,
)
