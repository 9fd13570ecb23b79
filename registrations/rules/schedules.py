"""Which schedule changes wait until the organiser sends them (specs/calendar.md 3.11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from events.enums import SeatScope
from registrations.rules.admission import BOOKABLE

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event

LATEST = timedelta(hours=24)  # before the start: then it goes by itself, so nobody is sent to the wrong room


def collects_changes(event: Event) -> bool:
    """Returns whether this is a conference whose programme is out: its sessions move together, and people are told
    once.
    """
    return event.seat_scope == SeatScope.ROUND and event.status in BOOKABLE


def may_wait(event: Event) -> bool:
    """Returns whether a change may still be unsent when the next one comes: briefly for every event, and for a
    conference until its organiser sends it.
    """
    return bool(settings.MAIL_MERGE_SECONDS) or collects_changes(event)


def collected_until(event: Event, *, starts_at: datetime, now: datetime) -> datetime | None:
    """Returns when a collected change is sent without the organiser; None if the change is not held back. `starts_at`:
    the earlier of the start that people know and the new one.
    """
    latest = starts_at - LATEST
    return latest if collects_changes(event) and latest > now else None
