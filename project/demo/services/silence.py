from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from celery import Celery
from celery.app import app_or_default

from project.outbox.enums import MessageStatus
from project.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@contextmanager
def no_worker_is_called() -> Iterator[None]:
    """Replaces the broker by a queue in memory without a worker, so that no mail of the past is sent."""
    listening = app_or_default()
    Celery("demo", broker="memory://demo").set_current()
    try:
        yield
    finally:
        listening.set_current()


def drop_mails(*, until: datetime) -> int:
    """Drops every unsent mail written until then (contract.md, "The demo programme"). Returns how many."""
    return Message.objects.unsent().filter(created_at__lte=until).update(status=MessageStatus.DROPPED)
