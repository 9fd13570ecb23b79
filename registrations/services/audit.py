from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q

from events.enums import SessionStatus
from events.models import Session
from registrations.enums import ACTIVE, HOLDING, InviteState, Source, Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.querysets import IS_SEAT, annotate_seats
from registrations.rules import BOOKABLE

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

Invariant = Callable[["datetime"], Iterable[str]]


def audit_seats(*, now: datetime) -> dict[str, list[str]]:
    """All seat invariants on the live data, read-only: the name of each broken one with the keys that break it.

    Constraints hold most of them already; this also finds what a restore, a bug or a hand in the database can do.
    """
    found = {invariant.__name__: sorted(invariant(now)) for invariant in INVARIANTS}
    return {name: keys for name, keys in found.items() if keys}


def more_seats_than_capacity(_now: datetime) -> Iterable[str]:
    return _keys(annotate_seats(Session.objects.all()).filter(seats_taken__gt=F("capacity")))


def free_seat_beside_somebody_waiting(now: datetime) -> Iterable[str]:
    """While seats are given out by the list; not after the start, the closing, or in a closed event, nor where the room is full."""
    open_now = Session.objects.filter(status=SessionStatus.SCHEDULED, event__status__in=BOOKABLE, starts_at__gt=now)
    still_open = open_now.exclude(closes_at__lte=now)
    has_room = Q(venue__isnull=True) | Q(expected__lt=F("venue__capacity"))
    expected = Count("registrations", filter=Q(registrations__status__in=HOLDING))
    free = annotate_seats(still_open).filter(seats_left__gt=0, waiting_count__gt=0)
    return _keys(free.annotate(expected=expected).filter(has_room))


def two_seats_in_one_slot(_now: datetime) -> Iterable[str]:
    seats = Registration.objects.filter(IS_SEAT, replaces__isnull=True)
    doubled = seats.values("attendee", "slot").annotate(held=Count("pk")).filter(held__gt=1)
    return (str(row["slot"]) for row in doubled)


def two_claims_on_one_session(_now: datetime) -> Iterable[str]:
    claims = Registration.objects.active().values("attendee", "session__key")
    return (str(row["session__key"]) for row in claims.annotate(made=Count("pk")).filter(made__gt=1))


def slot_differs_from_session(_now: datetime) -> Iterable[str]:
    return _keys(Registration.objects.exclude(slot=F("session__slot")))


def waiting_beside_an_own_seat(_now: datetime) -> Iterable[str]:
    own_seat = Registration.objects.filter(IS_SEAT, attendee=OuterRef("attendee"), slot=OuterRef("slot"))
    return _keys(Registration.objects.waiting().filter(Exists(own_seat), replaces__isnull=True))


def claim_on_a_cancelled_session(_now: datetime) -> Iterable[str]:
    return _keys(Registration.objects.active().filter(session__status=SessionStatus.CANCELLED))


def waiting_without_a_moment(_now: datetime) -> Iterable[str]:
    return _keys(Registration.objects.waiting().filter(waitlisted_at__isnull=True))


def seat_without_an_invite(_now: datetime) -> Iterable[str]:
    """A walk-in has no calendar entry, a discreet seat neither."""
    invited = Invite.objects.filter(registration=OuterRef("pk"), state=InviteState.ACTIVE)
    seats = Registration.objects.filter(status=Status.CONFIRMED, session__event__is_discreet=False)
    return _keys(seats.exclude(source=Source.WALK_IN).filter(~Exists(invited)))


def invite_without_a_seat(_now: datetime) -> Iterable[str]:
    dead = Invite.objects.filter(state=InviteState.ACTIVE).exclude(registration__status__in=HOLDING)
    return (str(key) for key in dead.values_list("registration__key", flat=True))


def history_differs_from_state(_now: datetime) -> Iterable[str]:
    """The last log row of a registration says the state it is in."""
    newer = RegistrationLog.objects.filter(registration=OuterRef("registration"), pk__gt=OuterRef("pk"))
    last = RegistrationLog.objects.filter(~Exists(newer)).exclude(status=F("registration__status"))
    without = Registration.objects.filter(log__isnull=True)
    return [*(str(key) for key in last.values_list("registration__key", flat=True)), *_keys(without)]


def moment_differs_from_state(_now: datetime) -> Iterable[str]:
    """Moments fit the state: a cancellation has one, an active claim has none."""
    wrong = Q(status=Status.CANCELLED, cancelled_at__isnull=True) | Q(status__in=ACTIVE, cancelled_at__isnull=False)
    return _keys(Registration.objects.filter(wrong))


INVARIANTS: tuple[Invariant, ...] = (
    more_seats_than_capacity,
    free_seat_beside_somebody_waiting,
    two_seats_in_one_slot,
    two_claims_on_one_session,
    slot_differs_from_session,
    waiting_beside_an_own_seat,
    claim_on_a_cancelled_session,
    waiting_without_a_moment,
    seat_without_an_invite,
    invite_without_a_seat,
    history_differs_from_state,
    moment_differs_from_state,
)


def _keys(rows: QuerySet[Any]) -> Iterable[str]:
    return (str(key) for key in rows.values_list("key", flat=True))
