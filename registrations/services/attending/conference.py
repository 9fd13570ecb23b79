from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from events.models import Round
from registrations.services.attending import booking, wishes
from registrations.services.attending.booking import Asking
from registrations.services.calendar import notifications
from registrations.services.lock import lock_event
from registrations.services.refusals import UnableToRegister, refuse_unless_active
from registrations.services.seats import waitlist

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from project.accounts.models import User
    from registrations.models import Registration
    from registrations.querysets import AdmittedSession
    from registrations.services.seats.availability import EventSeats


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the choice in one round: a claim, nothing, or a refusal."""

    round: Round
    registration: Registration | None = None
    refusal: str = ""


def choose(*, event_key: UUID, choices: Mapping[UUID, UUID | None], attendee: User, now: datetime) -> list[Outcome]:
    """Chooses sessions in several rounds of a conference in one step (product C4): each choice is a seat or a place on
    the list, and changing it is a swap.

    `choices`: by the key of the round, the key of the chosen session, or None for none in that round, which gives back
    what the person had there. A round that is not named stays as it is. A refusal in one round does not affect the
    others.
    """
    refuse_unless_active(attendee)
    with transaction.atomic(durable=True):
        event = lock_event(key=event_key)
        seats = waitlist.settle(event=event, now=now, person=attendee)
        rounds = Round.objects.filter(event=event, key__in=choices).order_by("number")
        asking = Asking(attendee, seats.claims_of(attendee), seats, now)
        had = {claim.pk for claim in asking.mine if claim.is_confirmed}
        refused = {round_: _choose(round_, choices[round_.key], asking.in_slot(round_.key)) for round_ in rounds}
        waitlist.fill(event=event, now=now)
        mine = seats.claims_now(attendee)
        notifications.sum_up([claim for claim in mine if claim.is_confirmed and claim.pk not in had], now=now)
    return [
        Outcome(round=round_, registration=_leading_claim(mine, round_, choices[round_.key]), refusal=code)
        for round_, code in refused.items()
    ]


def _choose(round_: Round, chosen: UUID | None, asking: Asking) -> str:
    """Returns the code of the refusal, or an empty string. A refusal comes before anything is written."""
    try:
        if chosen is None:
            _give_all_back(asking)
        else:
            wishes.set_dates_in_slot([_session_in(round_, chosen, asking.seats)], asking)
    except UnableToRegister as refusal:
        return refusal.code
    return ""


def _session_in(round_: Round, chosen: UUID, seats: EventSeats) -> AdmittedSession:
    """Returns the chosen session. Raises `UnableToRegister("another-slot")` if it is not in this round."""
    found = seats.find(chosen)
    if found is None or found.session.slot != round_.key:
        raise UnableToRegister("another-slot")
    return found.session


def _give_all_back(asking: Asking) -> None:
    if any(asking.now >= claim.session.starts_at for claim in asking.mine):
        raise UnableToRegister("started")
    for claim in [claim for claim in asking.mine if not claim.is_walk_in]:  # at most the choices of one round
        booking.give_back(claim, asking.attendee, asking.now)


def _leading_claim(mine: list[Registration], round_: Round, chosen: UUID | None) -> Registration | None:
    of_round = [claim for claim in mine if claim.slot == round_.key]
    here = next((claim for claim in of_round if claim.session.key == chosen), None)
    return here or (of_round[0] if of_round else None)
