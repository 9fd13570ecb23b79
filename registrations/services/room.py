from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from registrations.enums import HOLDING
from registrations.models import Registration
from registrations.querysets import IS_SEAT

if TYPE_CHECKING:
    from events.models import Session


def people_expected(session: Session) -> int:
    """Everybody with a seat, who may still come, and everybody who walked in."""
    return Registration.objects.filter(session=session, status__in=HOLDING).count()


def free_seats(session: Session) -> int:
    """How many seats can be given now: those not taken, as far as the room holds their people beside who walked in.

    One statement, under the lock. From 30 minutes before the start walk-ins may be inside while people still sign up (product.md, "A
    seat is a seat": the room's own limit holds).
    """
    claims = Registration.objects.filter(session=session, status__in=HOLDING)
    held = claims.aggregate(seats=Count("pk", filter=IS_SEAT), people=Count("pk"))
    free: int = session.capacity - held["seats"]
    if session.venue:
        free = min(free, session.venue.capacity - held["people"])
    return max(free, 0)
