from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from project.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


def note(message_ids: Collection[str], now: datetime) -> list[Message]:
    """Marks mails that bounced, by the Message-IDs in the bounce, and people who can no longer be reached.

    A person is marked only if the mail went to their current address. Returns the mails, so that organisers can be
    told; nobody loses a seat (specs/calendar.md 5.4.1). A mail that bounced before keeps its first `bounced_at`.
    """
    known = {f"<{each.strip().strip('<>')}>" for each in message_ids}
    with transaction.atomic():
        bounced = list(Message.objects.filter(message_id__in=known).select_related("recipient"))
        Message.objects.filter(pk__in=[each.pk for each in bounced], bounced_at=None).update(bounced_at=now)
        unreachable = [each.recipient.pk for each in bounced if each.recipient and each.recipient.email == each.address]
        get_user_model().objects.filter(pk__in=unreachable, bounced_at=None).update(bounced_at=now)
    return bounced


def forget(*, recipient_id: int) -> None:
    """Clears `bounced_at` of a person who can be reached again: a code arrived, or the address is a new one."""
    get_user_model().objects.filter(pk=recipient_id, bounced_at__isnull=False).update(bounced_at=None)
