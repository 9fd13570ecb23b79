from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from project.outbox.enums import MessageStatus

if TYPE_CHECKING:
    from project.outbox.models import Message  # noqa: F401  # named in the base of the class below

UNSENT = (MessageStatus.PENDING, MessageStatus.SENDING)


class MessageQuerySet(models.QuerySet["Message"]):
    def unsent(self) -> MessageQuerySet:
        return self.filter(status__in=UNSENT)

    def untouched(self) -> MessageQuerySet:
        """Mails that are pending and were never tried, so that nobody can have received them."""
        return self.filter(status=MessageStatus.PENDING, attempts=0)
