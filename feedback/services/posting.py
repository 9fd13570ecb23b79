"""Mails feedback codes without the outbox, because a code must never be stored (specs/privacy.md 1.4, channel B)."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import formataddr, make_msgid
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from feedback import emails

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.mail.backends.base import BaseEmailBackend

    from events.models import Session
    from project.outbox.emails import Letter
    from registrations.models import Registration

log = structlog.get_logger(__name__)

PERMANENT_FROM = 500  # RFC 5321 4.2.1: 5yz is permanent


@dataclass
class Posted:
    """The result of a batch, as primary keys: accepted, or refused for good. The rest may be tried again."""

    accepted: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    was_cut_short: bool = False


def post(*, session: Session, registrations: Sequence[Registration], codes: Mapping[int, str]) -> Posted:
    """Sends at once, in this process. Stops if the connection breaks; refusing one mail affects only that mail."""
    posted = Posted()
    connection = get_connection()
    try:
        connection.open()  # fails once here, instead of once per mail
        for registration in registrations:
            letter = _letter(session, registration, codes[registration.pk])
            if letter:
                _post_one(connection, letter, registration.pk, posted)
    except (OSError, SMTPException) as error:
        posted.was_cut_short = True
        log.warning("feedback_mail_interrupted", session=str(session.key), error=type(error).__name__)
    finally:
        connection.close()
    return posted


def _letter(session: Session, registration: Registration, code: str) -> Letter | None:
    """Returns None if rendering fails, so that the rest of the batch leaves; the next run tries it again."""
    try:
        return emails.render_code(session=session, attendee=registration.attendee, code=code)
    except Exception:  # whatever is wrong with one mail, it must not block the next
        log.exception("feedback_mail_not_made", registration=registration.pk)
        return None


def _post_one(connection: BaseEmailBackend, letter: Letter, pk: int, posted: Posted) -> None:
    """Logs no text of an error: a mail server may quote the mail."""
    try:
        connection.send_messages([_mail(letter)])
    except SMTPServerDisconnected:
        raise
    except SMTPRecipientsRefused as error:
        if all(code >= PERMANENT_FROM for code, _ in error.recipients.values()):
            posted.refused.append(pk)
        log.warning("feedback_mail_refused", registration=pk)
    except SMTPResponseException:
        log.warning("feedback_mail_refused", registration=pk)
    else:
        posted.accepted.append(pk)


def _mail(letter: Letter) -> EmailMultiAlternatives:
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": make_msgid(domain=settings.MAIL_FROM.partition("@")[2]),
    }
    sender = formataddr((settings.MAIL_FROM_NAME, settings.MAIL_FROM))
    mail = EmailMultiAlternatives(letter.subject, letter.text, sender, [letter.address], headers=headers)
    mail.attach_alternative(letter.html, "text/html")
    return mail
