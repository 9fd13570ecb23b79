"""How people in about the same place in line for an event fared before, for people who wait now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef

from events.enums import SessionStatus
from registrations.enums import Action, Status
from registrations.models import Registration, RegistrationLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from registrations.rules import Standing

ENOUGH = 10  # fewer people say nothing about anybody's chance
NEWEST = 20  # people: what was long ago says little about now
MOST_ROWS = 2000  # read for one page
FEW = 3  # numbers below this are not told exactly


@dataclass(frozen=True)
class Odds:
    """Of `people`, the newest who joined at about this place and did not give up, `seated` got a seat."""

    people: int
    seated: int

    @property
    def is_exact(self) -> bool:
        return FEW <= self.seated <= self.people - FEW

    @property
    def are_good(self) -> bool:
        return self.seated > self.people - FEW


class Past(NamedTuple):
    """Somebody who waited for a date that is over. `left_at`: when they left the line."""

    event: int
    session: int
    joined_at: datetime
    left_at: datetime
    is_seated: bool
    has_waited_in_vain: bool


def odds_of(rows: Iterable[Standing], now: datetime) -> dict[int, Odds]:
    """Returns the odds by the primary key of the registration, for those who wait and know their place; nothing where
    the history is too short. One statement, none if nobody waits. Discreet events and those with approval have none.
    """
    waiting = {
        row.registration.pk: row for row in rows if row.registration and row.is_waiting and not row.asks_approval
    }
    places = {pk: getattr(row.registration, "place", None) for pk, row in waiting.items()}
    known = {pk: (waiting[pk].session.event_id, place) for pk, place in places.items() if place}
    history = _by_event(_past({event for event, _ in known.values()}, now)) if known else {}
    found = {pk: _odds(history.get(event, []), place) for pk, (event, place) in known.items()}
    return {pk: odds for pk, odds in found.items() if odds.people >= ENOUGH}


def _past(events: set[int], now: datetime) -> list[Past]:
    """Returns the newest dates first. A date of which not all rows were read is left out."""
    superseded = RegistrationLog.objects.filter(registration=OuterRef("pk"), action=Action.SUPERSEDED)
    waited = Registration.objects.filter(
        session__event__in=events, session__event__is_discreet=False, session__ends_at__lte=now, waitlisted_at__lte=now
    ).exclude(session__status=SessionStatus.CANCELLED)
    columns = ("session__event", "session", "waitlisted_at", "confirmed_at", "cancelled_at", "session__starts_at")
    found = waited.annotate(has_another=Exists(superseded)).order_by("-session__starts_at", "session", "waitlisted_at")
    rows = list(found.values_list(*columns, "status", "has_another")[:MOST_ROWS])
    cut = rows[-1][1] if len(rows) == MOST_ROWS else None
    return [
        Past(
            event=event,
            session=session,
            joined_at=joined_at,
            left_at=confirmed_at or cancelled_at or starts_at,
            is_seated=confirmed_at is not None or has_another,
            has_waited_in_vain=status == Status.WAITLISTED,
        )
        for event, session, joined_at, confirmed_at, cancelled_at, starts_at, status, has_another in rows
        if session != cut
    ]


def _by_event(past: Iterable[Past]) -> dict[int, list[tuple[int, bool]]]:
    """Returns for each event the place at which each person joined, and whether they got a seat, without those who left
    or did not take the seat that was offered.
    """
    sessions: dict[int, list[Past]] = defaultdict(list)
    for one in past:
        sessions[one.session].append(one)
    events: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for queue in sessions.values():
        for one in reversed(queue):
            if one.is_seated or one.has_waited_in_vain:
                events[one.event].append((_place(one, queue), one.is_seated))
    return events


def _place(one: Past, queue: Sequence[Past]) -> int:
    return 1 + sum(other.joined_at < one.joined_at < other.left_at for other in queue)


def _odds(history: Iterable[tuple[int, bool]], place: int) -> Odds:
    about = max(1, place // 4)
    near = [is_seated for joined_at, is_seated in history if abs(joined_at - place) <= about][:NEWEST]
    return Odds(people=len(near), seated=sum(near))
