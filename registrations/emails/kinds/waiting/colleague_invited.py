"""A colleague invites somebody, and a seat is kept until they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.composing import Paragraph
from registrations.emails.kinds.waiting.offered import is_open
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.clashes import clash_sentence
from registrations.emails.wording.paragraphs import content_note, what_it_is
from registrations.enums import Status

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _paragraphs(context: MailContext) -> list[Paragraph]:
    """An invited colleague who is new to us is forgotten if they do not answer (product S4,
    `waitlist.forget_strangers`).
    """
    in_that_case = _("You only come if you say yes. If you do nothing, we stop holding the seat for you.")
    attendee = context.registration.attendee
    if attendee.last_login is None and not attendee.name:
        in_that_case = _(
            "You only come if you say yes. If you do nothing, we stop holding the seat and delete your address."
        )
    return [
        what_it_is(context),
        Paragraph(in_that_case),
        Paragraph(clash_sentence(context)),
        content_note(context),
    ]


COLLEAGUE_INVITED = SeatMail(
    name="colleague-invited",
    texts=Texts(
        subject=gettext_noop("%(inviter)s has invited you: %(title)s, %(date)s"),
        news=gettext_noop("%(inviter)s has invited you to %(title)s. Will you come?"),
        discreet_subject=gettext_noop("An invitation for you (ref %(reference)s)"),
        discreet_news=gettext_noop("Somebody has invited you. Will you come?"),
    ),
    paragraphs=_paragraphs,
    is_still_true=is_open,
    repeatable_while=Status.OFFERED,
    example_status=Status.OFFERED,
    is_offer=True,
    tells_of_clashes=True,
)
