"""A session takes place somewhere else, or can no longer be joined online."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from registrations.emails.kinds.changes.moved import is_worth_telling
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext

LINK_GONE = Texts(
    subject=gettext_noop("Changed: %(title)s, %(date)s"),
    news=gettext_noop("%(title)s can no longer be joined online. It takes place in the room only."),
)
ELSEWHERE = Texts(subject=LINK_GONE.subject, news=gettext_noop("%(title)s takes place somewhere else."))


def _texts_of(context: MailContext) -> Texts:
    """The room may be the same, if only the link was removed."""
    was = context.facts.get("was", {})
    same = all(was.get(name) == context.facts.get(name) for name in ("place", "address"))
    return LINK_GONE if same and was.get("join_url") else ELSEWHERE


RELOCATED = SeatMail(
    name="session-relocated",
    texts=ELSEWHERE,
    texts_of=_texts_of,
    is_still_true=is_worth_telling,
    repeatable_while=Status.CONFIRMED,
    tells_of_offers=True,
    is_change=True,
)
