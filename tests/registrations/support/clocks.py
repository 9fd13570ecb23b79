"""What the tests of the clock share: a seat that everybody waits for, and moments as the clocks on the wall
show them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.seats import waitlist
from tests.factories import make_session
from tests.registrations.support.screens import fill

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEW_YORK = ZoneInfo("America/New_York")
THURSDAY = "2026-03-12 14:00"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SEAT, OPEN = ["registration-promoted"], ["seat-open"]
NOTHING: list[str] = []


def at(local, zone=AMSTERDAM):
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


def sold_out(starts_at=THURSDAY, *, waiting=2, zone=AMSTERDAM, **overrides):
    """A session of one seat, the seat, and those who wait for it."""
    closes_at = overrides.pop("closes_at", None)
    session = make_session(
        starts_at=at(starts_at, zone),
        closes_at=at(closes_at, zone) if closes_at else None,
        timezone=zone.key,
        capacity=1,
        **overrides,
    )
    seat, *rest = fill(session, 1 + waiting)
    assert (seat.status, {claim.status for claim in rest}) == (Status.CONFIRMED, {Status.WAITLISTED})
    return session, seat, rest


def give_back(claim, now):
    return booking.cancel(registration_key=claim.key, actor=claim.attendee, now=now)


def answer(verb, claim, now):
    return verb(registration_key=claim.key, actor=claim.attendee, now=now)


def settle(session, now):
    waitlist.settle_event(event_id=session.event_id, now=now)


def now_of(*claims):
    """Each as it is in the database: its state, and until when an offer holds."""
    rows = Registration.objects.in_bulk([claim.pk for claim in claims])
    return [(rows[claim.pk].status, rows[claim.pk].offer_expires_at) for claim in claims]


def statuses(*claims):
    return [status for status, _ in now_of(*claims)]


def mails_to(claim):
    """What somebody was sent since they joined the list."""
    kinds = Message.objects.filter(recipient=claim.attendee).order_by("pk").values_list("kind", flat=True)
    return [kind for kind in kinds if kind != "registration-waitlisted"]
