from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from registrations.models import Registration
from registrations.services import waitlist


@shared_task
def settle_events() -> None:
    """Brings every event with people waiting up to date with the clock. Safe to run twice, and late: every verb settles as well."""
    now = timezone.now()
    waiting = Registration.objects.waiting().filter(session__starts_at__gt=now)
    for event_id in set(waiting.values_list("session__event", flat=True)):
        waitlist.settle_event(event_id=event_id, now=now)
