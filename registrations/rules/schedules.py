"""Whose changes of the schedule wait until the organiser sends them (specs/calendar.md 3.11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from events.enums import SeatScope
from registrations.rules.admission import BOOKABLE

if TYPE_CHECKING:
    from datetime import datetime

    from events.models import Event

LATEST = timedelta(hours=24)  # before the start: a button that was forgotten sends nobody to the wrong room


def collects_changes(event: Event) -> bool:
    """A conference whose programme is out: its sessions move together, and people hear of it once."""
    return event.seat_scope == SeatScope.ROUND and event.status in BOOKABLE


def may_wait(event: Event) -> bool:
    """Whether a change may be unsent when the next one comes: for a moment everywhere, and in a conference until its
    organiser sends it.
    """
    return bool(settings.MAIL_MERGE_SECONDS) or collects_changes(event)


def collected_until(event: Event, *, starts_at: datetime, now: datetime) -> datetime | None:
    """When a change goes by itself; nothing where it waits for nobody. `starts_at`: the earlier of the start that
    people know and the new one.
    """
    latest = starts_at - LATEST
    return latest if collects_changes(event) and latest > now else None
