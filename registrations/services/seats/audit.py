from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q

from events.enums import SessionStatus
from events.models import Event, Session
from registrations.enums import ACTIVE, HOLDING, InviteState, Source, Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.querysets import FILLS_SLOT, IS_SEAT, annotate_seats
from registrations.services.seats import waitlist
from registrations.services.seats.availability import read_event_seats

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

Invariant = Callable[["datetime"], Iterable[str]]


def audit_seats(*, now: datetime) -> dict[str, list[str]]:
    """Checks all seat invariants on the live data, read-only. Returns, by the name of each broken invariant, the keys
    that break it.

    Constraints enforce most of them already; this also finds what a restore, a bug or a manual change in the database
    can do.
    """
    found = {invariant.__name__: sorted(invariant(now)) for invariant in INVARIANTS}
    return {name: keys for name, keys in found.items() if keys}


def more_seats_than_capacity(now: datetime) -> Iterable[str]:
    return _keys(annotate_seats(Session.objects.all(), now).filter(seats_taken__gt=F("capacity")))


def more_people_than_the_room_holds(now: datetime) -> Iterable[str]:
    """Counts everybody with a seat and everybody who walked in, on dates still to come."""
    coming = Session.objects.filter(status=SessionStatus.SCHEDULED, starts_at__gt=now)
    ended = Q(registrations__status=Status.OFFERED, registrations__offer_expires_at__lte=now)
    holding = Q(registrations__status__in=HOLDING) & ~ended
    expected = coming.annotate(people=Count("registrations", filter=holding))
    return _keys(expected.filter(people__gt=F("venue__capacity")))


def free_seat_beside_somebody_waiting(now: datetime) -> Iterable[str]:
    """While the waiting list gives out seats, nobody waits who could take a free one. Asks the waiting list itself,
    event by event.
    """
    waited_for = Event.objects.filter(sessions__registrations__status=Status.WAITLISTED, sessions__starts_at__gt=now)
    for event in waited_for.distinct():
        event_seats = read_event_seats(event, now=now)
        for allocation in (
            waitlist.who_would_get_in(event_seats=event_seats, now=now) if event_seats.may_give(now) else []
        ):
            yield str(Registration.objects.values_list("key", flat=True).get(pk=allocation.entry.pk))


def two_seats_in_one_slot(_now: datetime) -> Iterable[str]:
    seats = Registration.objects.filter(FILLS_SLOT, replaces__isnull=True)
    doubled = seats.values("attendee", "slot").annotate(held=Count("pk")).filter(held__gt=1)
    return (str(row["slot"]) for row in doubled)


def slot_let_go_too_early(now: datetime) -> Iterable[str]:
    """A seat on a date that is still to come or under way fills its slot."""
    coming = Q(session__status=SessionStatus.SCHEDULED, session__ends_at__gt=now)
    return _keys(Registration.objects.filter(coming, IS_SEAT, fills_slot=False))


def two_claims_on_one_session(_now: datetime) -> Iterable[str]:
    claims = Registration.objects.active().values("attendee", "session__key")
    return (str(row["session__key"]) for row in claims.annotate(made=Count("pk")).filter(made__gt=1))


def slot_differs_from_session(_now: datetime) -> Iterable[str]:
    return _keys(Registration.objects.exclude(slot=F("session__slot")))


def waiting_beside_an_own_seat(_now: datetime) -> Iterable[str]:
    """People with a seat may only wait for a swap; while they have an offer, other wishes are suspended."""
    mine = Registration.objects.filter(attendee=OuterRef("attendee"), slot=OuterRef("slot"), status=Status.CONFIRMED)
    own_seat = mine.filter(FILLS_SLOT)
    return _keys(Registration.objects.waiting().filter(Exists(own_seat), replaces__isnull=True))


def replaces_what_is_not_held(_now: datetime) -> Iterable[str]:
    """A swap gives up a seat of the same person in the same slot, on another date."""
    wishes = Registration.objects.active().filter(replaces__isnull=False)
    swaps = wishes.filter(
        replaces__status=Status.CONFIRMED, replaces__attendee=F("attendee"), replaces__slot=F("slot")
    ).exclude(replaces__session=F("session"))
    return _keys(wishes.exclude(pk__in=swaps))


def offer_outlasts_its_session(_now: datetime) -> Iterable[str]:
    late = Q(offer_expires_at__gt=F("session__starts_at")) | Q(offer_expires_at__gt=F("session__closes_at"))
    return _keys(Registration.objects.filter(late, status=Status.OFFERED))


def wish_of_two_moments(_now: datetime) -> Iterable[str]:
    """All rows of one wish share the moment of joining (product Q2)."""
    wishes = Registration.objects.waiting().values("attendee", "slot")
    split = wishes.annotate(moments=Count("waitlisted_at", distinct=True)).filter(moments__gt=1)
    return (str(row["slot"]) for row in split)


def claim_on_a_cancelled_session(_now: datetime) -> Iterable[str]:
    return _keys(Registration.objects.active().filter(session__status=SessionStatus.CANCELLED))


def waiting_without_a_moment(_now: datetime) -> Iterable[str]:
    return _keys(Registration.objects.waiting().filter(waitlisted_at__isnull=True))


def seat_without_an_invite(_now: datetime) -> Iterable[str]:
    """Walk-ins and discreet seats have no calendar entry."""
    invited = Invite.objects.filter(registration=OuterRef("pk"), state=InviteState.ACTIVE)
    seats = Registration.objects.filter(status=Status.CONFIRMED, session__event__is_discreet=False)
    return _keys(seats.exclude(source=Source.WALK_IN).filter(~Exists(invited)))


def invite_without_a_seat(_now: datetime) -> Iterable[str]:
    of_seats = Invite.objects.filter(state=InviteState.ACTIVE, registration__isnull=False)
    dead = of_seats.exclude(registration__status__in=HOLDING)
    return (str(key) for key in dead.values_list("registration__key", flat=True))


def history_differs_from_state(_now: datetime) -> Iterable[str]:
    """The last log row of a registration has the same status as the registration."""
    newer = RegistrationLog.objects.filter(registration=OuterRef("registration"), pk__gt=OuterRef("pk"))
    last = RegistrationLog.objects.filter(~Exists(newer)).exclude(status=F("registration__status"))
    without = Registration.objects.filter(log__isnull=True)
    return [*(str(key) for key in last.values_list("registration__key", flat=True)), *_keys(without)]


def moment_differs_from_state(_now: datetime) -> Iterable[str]:
    """A cancelled claim has a moment of cancellation, and an active one has none."""
    wrong = Q(status=Status.CANCELLED, cancelled_at__isnull=True) | Q(status__in=ACTIVE, cancelled_at__isnull=False)
    return _keys(Registration.objects.filter(wrong))


INVARIANTS: tuple[Invariant, ...] = (
    more_seats_than_capacity,
    more_people_than_the_room_holds,
    free_seat_beside_somebody_waiting,
    two_seats_in_one_slot,
    slot_let_go_too_early,
    two_claims_on_one_session,
    slot_differs_from_session,
    waiting_beside_an_own_seat,
    replaces_what_is_not_held,
    offer_outlasts_its_session,
    wish_of_two_moments,
    claim_on_a_cancelled_session,
    waiting_without_a_moment,
    seat_without_an_invite,
    invite_without_a_seat,
    history_differs_from_state,
    moment_differs_from_state,
)


def _keys(rows: QuerySet[Any]) -> Iterable[str]:
    return (str(key) for key in rows.values_list("key", flat=True))
