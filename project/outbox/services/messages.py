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
    """Returns an unsaved mail for `enqueue`, which must be called in the transaction of the change that the mail is
    about.

    `facts` are what was true at that moment. `thread` is the calendar UID: mails of one thread are sent in order
    (specs/calendar.md R34).
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
    """As `draft`, for somebody without an account; it makes none."""
    return Message(kind=kind, address=address, language=language, subject_id=subject_id, created_at=now, due_at=now)


def enqueue(messages: Sequence[Message]) -> None:
    """Writes mails to the outbox in one statement, and calls the worker after the commit.

    A mail whose `due_at` the caller set to later waits for the sweep; until then another may replace it (`supersede`).

    Called within `together` by verbs that give a seat or a place on the list, so it must not send an UPDATE or DELETE.
    """
    if not messages:
        return
    _insert(messages)
    due = [message for message in messages if message.due_at <= message.created_at]
    for message in due:
        if message.kind in CODES:
            transaction.on_commit(partial(dispatch.call_worker_for, message))
    if due:
        transaction.on_commit(dispatch.call_worker)


def supersede(
    *, kinds: Collection[str], threads: Collection[UUID] = (), subjects: Collection[UUID] = ()
) -> list[Message]:
    """Drops the mails of these kinds, in these threads or about these subjects, that no worker has tried yet. Returns
    them, oldest first: the mail that replaces them must keep their `facts["was"]` and `due_at` (specs/calendar.md R34).

    To be called in the transaction that writes the replacement. A mail that a worker has at this moment, or has tried,
    is left: the new one follows it in its thread. So is a mail that only repeats an earlier one (`facts["again"]`).
    """
    about = Q(thread__in=threads) | Q(thread__isnull=True, subject_id__in=subjects)
    untouched = Message.objects.filter(about, kind__in=kinds).untouched().exclude(facts__has_key="again")
    waiting = list(untouched.select_for_update(skip_locked=True).order_by("pk"))
    Message.objects.filter(pk__in=[message.pk for message in waiting]).update(
        status=MessageStatus.DROPPED, last_error=Trouble.MERGED
    )
    return waiting


def send_now(*, message_ids: Collection[int], now: datetime) -> None:
    """Makes mails due now that wait for a later moment, unless a worker has tried them. Calls the worker after the
    commit.
    """
    if Message.objects.filter(pk__in=message_ids).untouched().update(due_at=now):
        transaction.on_commit(dispatch.call_worker)
