"""The sessions of browsers. Each is a row in the database, and Django does not delete those that have expired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session

if TYPE_CHECKING:
    from datetime import datetime

AT_ONCE = 1_000


def forget_expired(*, now: datetime) -> int:
    """Deletes expired sessions in batches, so that no row is locked for long. Returns how many. Idempotent."""
    forgotten = 0
    while keys := list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:AT_ONCE]):
        forgotten += Session.objects.filter(pk__in=keys, expire_date__lt=now).delete()[0]
    return forgotten
