from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.utils.module_loading import import_string

from project.outbox.enums import MessageStatus
from project.outbox.models import Message

if TYPE_CHECKING:
    from datetime import datetime

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=5)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480, 480)]
BLANKED_KINDS = ("sign-in-code",)


def deliver(*, message_id: int, now: datetime) -> None:
    """Sends one mail, if it is due and nobody else is sending it. Safe to run twice.

    The claim is a conditional update and lapses after five minutes, so a killed worker loses nothing: the mail then goes out again with
    the same bytes and Message-ID.
    """
    message = _claim(message_id, now)
    if message is None:
        return
    try:
        is_still_true = bool(message.raw) or _render(message, now)
        if is_still_true:
            get_connection().send_messages([_RawMail(message)])
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one mail, it must not block the next
        _postpone(message, error, now)
    else:
        status = MessageStatus.SENT if is_still_true else MessageStatus.DROPPED
        _finish(message, status=status, sent_at=now if is_still_true else None)


def deliver_due(*, now: datetime, at_most: int = 500) -> int:
    """Sends what is due; the scheduler's sweep, and `deliver_outbox`. Answers how many were tried."""
    due = list(Message.objects.due(now).values_list("pk", flat=True)[:at_most])
    for message_id in due:
        deliver(message_id=message_id, now=now)
    return len(due)


def _claim(message_id: int, now: datetime) -> Message | None:
    mine = Message.objects.due(now).filter(pk=message_id).order_by()
    claimed = mine.update(status=MessageStatus.SENDING, due_at=now + CLAIM, attempts=F("attempts") + 1)
    return Message.objects.select_related("recipient").get(pk=message_id) if claimed else None


def _render(message: Message, now: datetime) -> bool:
    """Renders once and stores it before the first attempt, so that every attempt sends the same bytes."""
    letter = import_string(settings.OUTBOX_RENDERERS[message.kind])(message, now)
    if letter is None:
        return False
    message.raw = letter.as_bytes(now)
    Message.objects.filter(pk=message.pk).update(raw=message.raw)
    return True


def _finish(message: Message, *, status: MessageStatus, sent_at: datetime | None) -> None:
    blanked = {"raw": b"", "facts": {}} if message.kind in BLANKED_KINDS else {}
    Message.objects.filter(pk=message.pk).update(status=status, sent_at=sent_at, last_error="", **blanked)


def _postpone(message: Message, error: Exception, now: datetime) -> None:
    """Tries again after a growing pause; a refused address, or a day and a half of trying, ends it visibly."""
    is_hopeless = isinstance(error, SMTPRecipientsRefused) and _is_permanent(error)
    is_over = is_hopeless or message.attempts > len(PAUSES)
    status = MessageStatus.FAILED if is_over else MessageStatus.PENDING
    due_at = now + PAUSES[min(message.attempts, len(PAUSES)) - 1]
    reason = type(error).__name__
    Message.objects.filter(pk=message.pk).update(status=status, due_at=due_at, last_error=reason)
    log.warning("mail_not_sent", message=message.pk, kind=message.kind, error=reason, attempt=message.attempts)


def _is_permanent(error: SMTPRecipientsRefused) -> bool:
    return all(code >= 500 for code, _ in error.recipients.values())  # noqa: PLR2004  # RFC 5321 4.2.1: 5yz is permanent


class _RawMail(EmailMessage):
    """Hands the stored bytes to any of Django's mail transports (specs/calendar.md R6)."""

    def __init__(self, message: Message) -> None:
        super().__init__(from_email=settings.MAIL_FROM, to=[message.address])
        self.message_id = message.pk
        self.raw = bytes(message.raw)

    def message(self) -> _Raw:  # type: ignore[override]  # the transports call as_bytes() and nothing else
        return _Raw(self.raw)


class _Raw:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def as_bytes(self, linesep: str = "\r\n") -> bytes:
        return self.raw.replace(b"\r\n", linesep.encode())
