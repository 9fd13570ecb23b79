from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.outbox.services import delivery, dispatch


@shared_task
def deliver_messages() -> None:
    """Sends the mails that are due. Safe to run twice."""
    dispatch.make_round()


@shared_task
def deliver_message(message_id: int) -> None:
    """Sends one mail before the others. Safe to run twice."""
    delivery.deliver(message_id=message_id, now=timezone.now())


@shared_task
def sweep_outbox() -> None:
    """Sends mails for which no worker was called, and those that are to be tried again. Safe to run twice."""
    dispatch.make_round()
