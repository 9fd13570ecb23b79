"""A session that was cancelled takes place after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext

SUBJECT = gettext_noop("It takes place after all: %(title)s, %(date)s")
WITH_A_SEAT = Texts(
    subject=SUBJECT,
    news=gettext_noop("%(title)s takes place after all. Your seat is yours again."),
    discreet_news=gettext_noop("Your booking is confirmed again."),
)
WAITING = Texts(
    subject=SUBJECT,
    news=gettext_noop("%(title)s takes place after all. You are on the waiting list again, where you were."),
    discreet_news=gettext_noop("You are on the waiting list again, where you were."),
)
ASKING = Texts(
    subject=SUBJECT,
    news=gettext_noop("%(title)s takes place after all, so your request for a seat stands again."),
    discreet_news=gettext_noop("Your request stands again."),
)


def _texts_of(context: MailContext) -> Texts:
    if context.registration.is_waiting:
        return WAITING
    return ASKING if context.registration.is_requested else WITH_A_SEAT


def _is_back_as_told(context: MailContext) -> bool:
    """People who meanwhile got a seat from the waiting list, or left it, have already been told so."""
    return bool(context.facts.get("status", context.registration.status) == context.registration.status)


REINSTATED = SeatMail(
    name="session-reinstated",
    texts=WITH_A_SEAT,
    texts_of=_texts_of,
    is_still_true=_is_back_as_told,
    repeatable_while=Status.CONFIRMED,
)
