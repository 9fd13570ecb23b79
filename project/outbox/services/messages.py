from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from project.database.prepared import PreparedInsert
from project.outbox.enums import MessageStatus, Trouble
from project.outbox.models import Message
from project.outbox.services import dispatch
from project.outbox.services.leases import CODES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from project.accounts.models import User

_insert = PreparedInsert(Message)


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
    """Writes mails into the outbox, in one statement, and calls the worker when the transaction commits.

    A mail whose `due_at` the caller has set to later waits for the sweep: in the meantime another may take its place (`supersede`).
    """
    if not messages:
        return
    _insert(messages)
    due = [message for message in messages if message.due_at <= message.created_at]
    for message in due:
        if message.kind in CODES:
            transaction.on_commit(partial(dispatch.call_for, message))
    if due:
        transaction.on_commit(dispatch.call)


def supersede(
    *, kinds: Collection[str], threads: Collection[UUID] = (), subjects: Collection[UUID] = ()
) -> list[Message]:
    """Takes back the mails of these kinds, in these threads or about these subjects, that no worker has begun with, and answers them, the
    oldest first: what is sent instead keeps their `facts["was"]` and their `due_at` (specs/calendar.md R34).

    To be called in the transaction that writes what is sent instead. A mail that a worker has at this moment, or that was tried already,
    stays: the next one then follows it in its thread. So does what is only said once more (`facts["again"]`), as it was told before.
    """
    about = Q(thread__in=threads) | Q(thread__isnull=True, subject_id__in=subjects)
    untold = Message.objects.filter(about, kind__in=kinds).untouched().exclude(facts__has_key="again")
    waiting = list(untold.select_for_update(skip_locked=True).order_by("pk"))
    Message.objects.filter(pk__in=[message.pk for message in waiting]).update(
        status=MessageStatus.DROPPED, last_error=Trouble.MERGED
    )
    return waiting


def release(*, message_ids: Collection[int], now: datetime) -> None:
    """Lets mails go now that wait for a later moment and that no worker has begun with; the worker is called when the transaction commits."""
    if Message.objects.filter(pk__in=message_ids).untouched().update(due_at=now):
        transaction.on_commit(dispatch.call)
