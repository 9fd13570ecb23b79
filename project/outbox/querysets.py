from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from project.outbox.enums import MessageStatus

if TYPE_CHECKING:
    from project.outbox.models import Message  # noqa: F401  # named in the base of the class below

UNSENT = (MessageStatus.PENDING, MessageStatus.SENDING)


class MessageQuerySet(models.QuerySet["Message"]):
    def unsent(self) -> MessageQuerySet:
        return self.filter(status__in=UNSENT)

    def due(self, now: datetime) -> MessageQuerySet:
        """What may be sent now: waiting and due, or claimed by a worker that died; never before an older mail of its thread."""
        earlier = self.model.objects.filter(thread=OuterRef("thread"), pk__lt=OuterRef("pk"), status__in=UNSENT)
        return (
            self.filter(Q(status=MessageStatus.PENDING) | Q(status=MessageStatus.SENDING), due_at__lte=now)
            .filter(Q(thread__isnull=True) | ~Exists(earlier))
            .order_by(F("due_at"), "pk")
        )
