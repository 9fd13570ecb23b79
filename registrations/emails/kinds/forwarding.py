"""Inbound mails that only a person can answer, forwarded to the organisation's contact (specs/calendar.md 5.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from project.outbox.emails import MailKind
from project.outbox.models import Message
from registrations.emails.composing import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.models import InboundMail, Registration
from registrations.rules.inbox.incoming import Incoming, read_mail
from registrations.rules.inbox.itip import UnableToRead

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import Letter
    from registrations.models import Invite

SHOWN = 1500  # characters of what somebody wrote


@dataclass(frozen=True, kw_only=True)
class ForwardedMail(MailKind):
    news: str


def render_forwarded(kind: ForwardedMail, message: Message, now: datetime) -> Letter | None:
    """Returns None once the content of the mail has been erased."""
    mail = (
        InboundMail.objects.select_related("invite__registration__session__event", "invite__hosted__event")
        .filter(pk=message.facts["inbound"])
        .first()
    )
    if mail is None or not mail.raw:
        return None
    with override(message.language):
        return _letter(kind, message, mail, _incoming(mail))


def _incoming(mail: InboundMail) -> Incoming:
    try:
        return read_mail(bytes(mail.raw))
    except UnableToRead:
        return Incoming()


def _letter(kind: ForwardedMail, message: Message, mail: InboundMail, incoming: Incoming) -> Letter:
    about = registration_answered(incoming) or (mail.invite.registration if mail.invite else None)
    context = {
        "news": _(kind.news),
        "buttons": [_button(about, mail.invite)],
        "paragraphs": [each for each in _paragraphs(mail, incoming) if each.text],
    }
    subject = _("Please answer: %(subject)s") % {"subject": incoming.subject or _("an email without a subject")}
    return compose(Reader(message=message, name="", is_discreet=False), subject=subject, context=context)


def _paragraphs(mail: InboundMail, incoming: Incoming) -> list[Paragraph]:
    unreadable = _("We could not read it. It is kept for a month as number %(number)s.") % {"number": mail.pk}
    return [
        Paragraph(incoming.sender, lead=_("From:")),
        Paragraph(incoming.text[:SHOWN], lead=_("They write:")),
        Paragraph("" if incoming.sender or incoming.text else unreadable),
        Paragraph(_("Please answer from your own mailbox; nobody reads answers to this email.")),
    ]


def registration_answered(incoming: Incoming) -> Registration | None:
    """Returns the claim that our mail was about which somebody answered by hand (R9)."""
    ids = [f"<{answered}>" for answered in incoming.answers]
    about = Message.objects.filter(message_id__in=ids, subject_id__isnull=False).order_by("-pk").values("subject_id")
    return Registration.objects.select_related("session__event").filter(key__in=about[:1]).first()


def _button(registration: Registration | None, invite: Invite | None) -> Button:
    """Leads to the organiser's page of the date, which requires signing in, so that the mail need not name anybody."""
    session = registration.session if registration else invite.hosted if invite else None
    if session is None:
        return to_my_sessions()
    page = reverse("registrations:organize_session", args=[session.key])
    return Button(_("See the date"), f"{settings.BASE_URL}{page}")


FORWARDED = ForwardedMail(
    name="reply-forwarded",
    renderer=render_forwarded,
    news=gettext_noop("Somebody answered one of our emails with a message that needs a person to read it."),
)
DELEGATED = ForwardedMail(
    name="reply-delegated",
    renderer=render_forwarded,
    news=gettext_noop(
        "Somebody would like to send another person in their place. A seat is personal, so nothing has changed."
    ),
)
