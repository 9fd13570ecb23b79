from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.outbox.services import delivery

SWEEP_SECONDS = 12  # the next one comes three seconds later: there is always a worker for what else is to do


@shared_task
def deliver_messages(message_ids: list[int]) -> None:
    """Sends the mails of one transaction, in the order in which they were written. Safe to run twice."""
    delivery.deliver_first(message_ids=message_ids, now=timezone.now())


@shared_task
def sweep_outbox() -> None:
    """Finds the mails whose poke got lost, and those whose pause is over. Safe to run twice."""
    delivery.deliver_due(now=timezone.now(), seconds=SWEEP_SECONDS)
