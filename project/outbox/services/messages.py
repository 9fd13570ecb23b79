from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from project.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from project.accounts.models import User

log = structlog.get_logger(__name__)


def draft(
    *, kind: str, recipient: User, subject_id: UUID, facts: dict[str, Any], thread: UUID | None = None, now: datetime
) -> Message:
    """A mail that is not yet written down; `enqueue` does that, in the transaction of the fact it tells.

    `thread` is the calendar UID: mails of one thread leave in order (specs/calendar.md R34).
    """
    return Message(
        kind=kind,
        recipient=recipient,
        address=recipient.email,
        language=recipient.language,
        subject_id=subject_id,
        facts=facts,
        thread=thread,
        created_at=now,
        due_at=now,
    )


def draft_to_address(*, kind: str, address: str, language: str, subject_id: UUID, now: datetime) -> Message:
    """The same to somebody who has no account: writing to an address makes nobody a person here."""
    return Message(kind=kind, address=address, language=language, subject_id=subject_id, created_at=now, due_at=now)


def enqueue(messages: Sequence[Message]) -> None:
    """Writes mails into the outbox, in one statement, and pokes the worker when the transaction commits."""
    if not messages:
        return
    written = Message.objects.bulk_create(messages)
    transaction.on_commit(lambda: _poke([message.pk for message in written]))


def _poke(message_ids: list[int]) -> None:
    """Without a broker the mail waits for the sweep: what the page confirmed is committed already."""
    try:
        current_app.send_task("project.outbox.tasks.deliver_messages", args=[message_ids], retry=False)
    except OperationalError:
        log.warning("broker_unreachable", messages=len(message_ids))
