from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.accounts.services import sessions, strangers


@shared_task
def forget_strangers() -> None:
    """Safe to run twice."""
    strangers.forget_strangers(now=timezone.now())


@shared_task
def forget_expired_sessions() -> None:
    """Safe to run twice."""
    sessions.forget_expired(now=timezone.now())
