"""A seat that is kept for a while for the first person on the waiting list, who is asked for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.composing import Paragraph
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.clashes import clash_sentence
from registrations.emails.wording.paragraphs import content_note, present_seat
from registrations.enums import Status
from registrations.rules import has_run_out

if TYPE_CHECKING:
    from registrations.emails.context import MailContext

BOOKING_ASKS = gettext_noop("Your booking needs an answer (ref %(reference)s)")


def is_open(context: MailContext) -> bool:
    return context.registration.is_offered and not has_run_out(context.registration, context.now)


def _paragraphs(context: MailContext) -> list[Paragraph]:
    rests = _("Until you answer, your other dates are on hold. If you say no, or nothing, you wait for them as before.")
    return [
        Paragraph(present_seat(context, _("Your present seat stays yours until you say yes: %(seat)s."))),
        Paragraph(_("If we do not hear from you, we stop holding the seat for you.")),
        Paragraph(rests if context.queue_entries else ""),
        Paragraph(clash_sentence(context)),
        content_note(context),
    ]


OFFERED = SeatMail(
    name="registration-offered",
    texts=Texts(
        subject=gettext_noop("A seat for you? %(title)s, %(date)s"),
        news=gettext_noop("A seat came free at %(title)s. Will you come?"),
        discreet_subject=BOOKING_ASKS,
        discreet_news=gettext_noop("A seat came free for you. Will you come?"),
    ),
    paragraphs=_paragraphs,
    is_still_true=is_open,
    repeatable_while=Status.OFFERED,
    example_status=Status.OFFERED,
    is_offer=True,
    tells_of_clashes=True,
)
