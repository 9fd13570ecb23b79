from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from feedback.services import ballots


@shared_task
def issue_due_codes() -> None:
    """Idempotent. Codes are made and mailed inside, so that none is ever an argument or a result."""
    ballots.issue_due(now=timezone.now())


@shared_task
def close_due_surveys() -> None:
    """Idempotent."""
    ballots.open_due(now=timezone.now())
