from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from feedback.services import ballots


@shared_task
def issue_due_codes() -> None:
    """Codes are made and mailed inside: none is ever an argument or a result. Safe to run twice."""
    ballots.issue_due(now=timezone.now())


@shared_task
def close_due_surveys() -> None:
    """Safe to run twice."""
    ballots.open_due(now=timezone.now())
