from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from events.models import Round
from registrations.services.attending import booking, wishes
from registrations.services.calendar import notifications
from registrations.services.lock import lock_event
from registrations.services.refusals import UnableToRegister, refuse_unless_introduced
from registrations.services.seats import claims, waitlist

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.models import Registration
    from registrations.services.seats.availability import EventSeats, SessionSeats


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the choice in one round: a claim, nothing, or a refusal."""

    round: Round
    registration: Registration | None = None
    refusal: str = ""


def choose(*, event_key: UUID, choices: Mapping[UUID, UUID | None], attendee: User, now: datetime) -> list[Outcome]:
    """One choice in each round of a conference, all in one step (product C4): a seat or a place on the list, and changing it is a swap.

    `choices`: by the key of the round, the key of the chosen session, or None for none in that round, which gives back what there was. A
    round that is not named stays as it is. What one round refuses does not touch the others. Raises `UnableToRegister("not-introduced")`.
    """
    refuse_unless_introduced(attendee)
    with transaction.atomic(durable=True):
        event = lock_event(key=event_key)
        event_seats = waitlist.settle(event=event, now=now, person=attendee)
        rounds = Round.objects.filter(event=event, key__in=choices).order_by("number")
        mine = claims.mine_in_event(attendee, event_seats)
        had = {claim.pk for claim in mine if claim.is_confirmed}
        refused = {}
        for round_ in rounds:
            of_round = [claim for claim in mine if claim.slot == round_.key]
            seats = _seats_in(round_, choices[round_.key], event_seats)
            is_elsewhere = seats is None and choices[round_.key] is not None
            refused[round_] = "another-slot" if is_elsewhere else _choose(seats, of_round, attendee, event_seats, now)
        waitlist.fill(event=event, now=now)
        mine = claims.mine_now(attendee, event_seats)
        notifications.sum_up([claim for claim in mine if claim.is_confirmed and claim.pk not in had], now=now)
    return [
        Outcome(round=round_, registration=_leading_claim(mine, round_, choices[round_.key]), refusal=code)
        for round_, code in refused.items()
    ]


def _seats_in(round_: Round, chosen: UUID | None, event_seats: EventSeats) -> SessionSeats | None:
    """The chosen session, if it is one of this round."""
    seats = event_seats.find(chosen) if chosen else None
    return seats if seats and seats.session.slot == round_.key else None


def _choose(
    seats: SessionSeats | None, mine: list[Registration], attendee: User, event_seats: EventSeats, now: datetime
) -> str:
    """Returns the code of the refusal, or None; a refusal comes before anything is written."""
    try:
        if seats:
            wishes.set_dates_in_slot([seats.session], attendee, mine, event_seats, now)
        else:
            _give_all_back(mine, attendee, now)
    except UnableToRegister as refusal:
        return refusal.code
    return ""


def _give_all_back(mine: list[Registration], attendee: User, now: datetime) -> None:
    if any(now >= claim.session.starts_at for claim in mine):
        raise UnableToRegister("started")
    for claim in [claim for claim in mine if not claim.is_walk_in]:  # at most the choices of one round
        booking.give_back(claim, attendee, now)


def _leading_claim(mine: list[Registration], round_: Round, chosen: UUID | None) -> Registration | None:
    of_round = [claim for claim in mine if claim.slot == round_.key]
    here = next((claim for claim in of_round if claim.session.key == chosen), None)
    return here or (of_round[0] if of_round else None)
