"""Sends several mails to one person for one cause as one mail (`Message.bundle`).

Each is written in the transaction of its change; they are combined when the first of them is sent.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from project.outbox.enums import MessageStatus, Trouble
from project.outbox.models import Message

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import MailKind

TOGETHER = "together"  # the kind that renders them, and the name of the fact


def collect(message: Message, *, now: datetime) -> None:
    """Adds to a mail that is about to be sent the other mails of its bundle to the same person and address that are due
    now or within `MAIL_MERGE_SECONDS`.

    Writes them into its facts and drops them. Does nothing after the first rendering, which every retry repeats. Safe
    to be killed at any point.
    """
    if not message.bundle or message.raw:
        return
    by = now + timedelta(seconds=settings.MAIL_MERGE_SECONDS)
    alike = Message.objects.filter(bundle=message.bundle, recipient=message.recipient_id, address=message.address)
    with transaction.atomic():
        waiting = alike.filter(due_at__lte=by).untouched().exclude(pk=message.pk)
        others = list(waiting.select_for_update(skip_locked=True, no_key=True).order_by("pk"))
        if not others:
            return
        parts = [
            {"pk": one.pk, "kind": one.kind, "subject_id": str(one.subject_id), "facts": one.facts} for one in others
        ]
        message.facts = message.facts | {TOGETHER: [*message.facts.get(TOGETHER, []), *parts]}
        leased = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, attempts=message.attempts)
        if leased.update(facts=message.facts):
            keys = [one.pk for one in others]
            Message.objects.filter(pk__in=keys).update(status=MessageStatus.DROPPED, last_error=Trouble.MERGED)


@cache
def kinds() -> dict[str, MailKind]:
    """Returns every kind of mail by its name, from the lists in `settings.OUTBOX_KINDS`."""
    return {kind.name: kind for path in settings.OUTBOX_KINDS for kind in import_string(path)}


def kind_of(message: Message) -> MailKind:
    return kinds()[TOGETHER if TOGETHER in message.facts else message.kind]


def parts_of(message: Message) -> list[Message]:
    """Returns the mails that a combined one consists of, each as if it went alone, in the order in which they were
    written. They must not be saved.
    """
    own = {name: value for name, value in message.facts.items() if name != TOGETHER}
    known = {"recipient": message.recipient, "address": message.address, "language": message.language}
    first = Message(pk=message.pk, kind=message.kind, subject_id=message.subject_id, facts=own, **known)
    parts = [first, *(_as_alone(part, known) for part in message.facts.get(TOGETHER, []))]
    return sorted(parts, key=lambda part: part.pk)


def _as_alone(part: dict[str, Any], known: dict[str, Any]) -> Message:
    return Message(pk=part["pk"], kind=part["kind"], subject_id=UUID(part["subject_id"]), facts=part["facts"], **known)
