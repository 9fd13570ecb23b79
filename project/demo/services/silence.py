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
def no_worker_is_poked() -> Iterator[None]:
    """The verbs of the past poke a queue in memory that nobody listens to, so that no worker learns of mails which are not to be sent."""
    listening = app_or_default()
    Celery("demo", broker="memory://demo").set_current()
    try:
        yield
    finally:
        listening.set_current()


def drop_mails(*, until: datetime) -> int:
    """Marks every unsent mail of the past as no longer needed (contract.md, "The demo programme")."""
    return Message.objects.unsent().filter(created_at__lte=until).update(status=MessageStatus.DROPPED)
