from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from registrations.services import interest, waitlist


@shared_task
def settle_events() -> None:
    """Brings every event in which somebody waits up to date with the clock. Safe to run twice, and late: every verb settles as well."""
    now = timezone.now()
    for event_id in waitlist.events_to_settle(now):
        waitlist.settle_event(event_id=event_id, now=now)


@shared_task
def announce_dates() -> None:
    """Tells who asked for dates that there are some, also where an import or the opening of a date brought them. Safe to run twice."""
    now = timezone.now()
    for event_id in interest.events_to_announce(now):
        interest.announce(event_id=event_id, now=now)
