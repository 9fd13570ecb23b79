"""A seat that goes to whoever takes it first; everybody on the waiting list is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registrations.emails.composing import Button, Paragraph
from registrations.emails.links import page_of
from registrations.emails.mail_kind import SeatMail, Texts
from registrations.emails.wording.paragraphs import present_seat
from registrations.enums import Status
from registrations.rules import why_closed

if TYPE_CHECKING:
    from registrations.emails.context import MailContext


def _may_take_it(context: MailContext) -> bool:
    is_open = context.registration.is_waiting and why_closed(context.session, context.now) is None
    return is_open and not context.has_other_seat


def _paragraphs(context: MailContext) -> list[Paragraph]:
    return [
        Paragraph(
            _(
                "Everybody who waits gets this email, so it may be gone when you look. You keep your place in the "
                "waiting list either way."
            )
        ),
        Paragraph(present_seat(context, _("Your present seat stays yours until you take this one: %(seat)s."))),
    ]


SEAT_OPEN = SeatMail(
    name="seat-open",
    texts=Texts(
        subject=gettext_noop("A seat is free now: %(title)s, %(date)s"),
        news=gettext_noop("A seat is free now at %(title)s. First come, first served."),
        discreet_subject=gettext_noop("A seat is free now (ref %(reference)s)"),
        discreet_news=gettext_noop("A seat is free now. First come, first served."),
    ),
    paragraphs=_paragraphs,
    buttons=lambda context: [Button(_("Take the seat"), page_of(context.session))],
    is_still_true=_may_take_it,
    example_status=Status.WAITLISTED,
)
