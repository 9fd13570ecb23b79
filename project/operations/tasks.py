from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from project.web import failover_cache


@shared_task
def forget_cached() -> None:
    """Deletes expired cache entries from the database. Safe to run twice."""
    failover_cache.forget_expired(now=timezone.now())
