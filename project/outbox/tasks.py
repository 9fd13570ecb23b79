from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.outbox.services import delivery


@shared_task
def deliver_messages(message_ids: list[int]) -> None:
    """Sends the mails of one transaction, in the order in which they were written. Safe to run twice."""
    for message_id in message_ids:
        delivery.deliver(message_id=message_id, now=timezone.now())


@shared_task
def sweep_outbox() -> None:
    """Finds the mails whose poke got lost, and those whose pause is over. Safe to run twice."""
    delivery.deliver_due(now=timezone.now())
