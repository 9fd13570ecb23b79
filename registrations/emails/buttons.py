"""The buttons shared by several kinds of mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from registrations.emails.composing import Button, to_my_sessions
from registrations.emails.links import offer_link, page_of

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def to_the_session(context: MailContext) -> list[Button]:
    return [Button(_("See your session"), page_of(context.session))]


def to_all_of_mine(_context: MailContext) -> list[Button]:
    return [to_my_sessions()]


def to_other_dates(context: MailContext) -> list[Button]:
    return [Button(_("See other dates"), page_of(context.event))]


def to_answer_the_offer(context: MailContext) -> list[Button]:
    answer = offer_link(context.registration)
    return [Button(_("Yes, I’ll come"), answer), Button(_("No, thank you"), answer)]
