from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.accounts.services import strangers


@shared_task
def forget_strangers() -> None:
    """Safe to run twice."""
    strangers.forget_strangers(now=timezone.now())
