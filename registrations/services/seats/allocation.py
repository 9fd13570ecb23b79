"""Decides who gets which seat when seats are free. Without database access: it takes the event's seats and the queue,
and returns what should be written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from registrations.rules import Window, in_hold_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from events.models import Session
    from registrations.services.seats.availability import EventSeats, SessionSeats


class Outcome(Enum):
    SEAT = "SEAT"
    OFFER = "OFFER"
    EXCHANGE = "EXCHANGE"


@dataclass(frozen=True, kw_only=True)
class QueueEntry:
    """One row of the waiting list, with only what decides its turn. `seat_at`: the session of the seat that it would
    replace.
    """

    pk: int
    person: int
    slot: UUID
    session_id: int
    seat_at: int | None
    audience: str
    unit: str

    @property
    def party(self) -> tuple[int, UUID]:
        return self.person, self.slot

    def is_member(self, session: Session) -> bool:
        return in_hold_group(session, audience=self.audience, unit=self.unit)


@dataclass(frozen=True)
class Allocation:
    entry: QueueEntry
    outcome: Outcome


def allocate(
    *, event_seats: EventSeats, queue: Iterable[QueueEntry], windows: Mapping[int, Window]
) -> list[Allocation]:
    """Gives out every free seat. It goes through people, not dates, in the order of the queue (product Q2).

    Of the dates a person wants that have a seat for them, they get the one with the fewest people waiting only for it,
    then the earliest. A swap frees a seat that may suit somebody who was passed over, so the walk then starts again.
    `queue` is in queue order, without people whose wishes are suspended by an open offer; `windows` says, by session,
    what a free seat becomes. `event_seats` is updated along the way.
    """
    return _Allocator(event_seats, queue, windows).allocations()


class _Allocator:
    def __init__(self, event_seats: EventSeats, queue: Iterable[QueueEntry], windows: Mapping[int, Window]) -> None:
        self.event_seats, self.windows = event_seats, windows
        self.parties: dict[tuple[int, UUID], list[QueueEntry]] = {}
        for entry in queue:
            self.parties.setdefault(entry.party, []).append(entry)
        self.waiting_only_here = Counter(
            entries[0].session_id for entries in self.parties.values() if len(entries) == 1
        )
        self.given: list[Allocation] = []

    def allocations(self) -> list[Allocation]:
        self._exchange()
        while self._walk():
            pass
        return self.given

    def _walk(self) -> bool:
        """Returns whether a swap freed a seat on the way, so that the walk must start again."""
        for entries in list(self.parties.values()):
            entry = self._best_of(entries)
            if entry is None:
                continue
            self._give(entry)
            if entry.seat_at in self.windows and self.given[-1].outcome == Outcome.SEAT:
                return True
        return False

    def _best_of(self, entries: list[QueueEntry]) -> QueueEntry | None:
        return min((entry for entry in entries if self._has_seat_for(entry)), key=self._preference, default=None)

    def _preference(self, entry: QueueEntry) -> tuple[int, datetime, int]:
        session = self._seats(entry).session
        return self.waiting_only_here[entry.session_id], session.starts_at, session.pk

    def _has_seat_for(self, entry: QueueEntry) -> bool:
        if self.windows.get(entry.session_id) not in {Window.SEATED, Window.OFFERED} or self._has_come(entry):
            return False
        seats = self._seats(entry)
        return seats.free(is_member=entry.is_member(seats.session)) > 0

    def _has_come(self, entry: QueueEntry) -> bool:
        """Returns whether the date of the seat to be replaced has started. The person may be there, so that seat is no
        longer swapped for another.
        """
        return entry.seat_at is not None and entry.seat_at not in self.windows

    def _give(self, entry: QueueEntry) -> None:
        outcome = Outcome.SEAT if self.windows[entry.session_id] == Window.SEATED else Outcome.OFFER
        self._take(entry, outcome)
        self._count(entry, entry.session_id, 1)
        if outcome == Outcome.SEAT:
            self._count(entry, entry.seat_at, -1)

    def _exchange(self) -> None:
        """Swaps the seats of two people who wait for each other's, in queue order. It costs nobody their turn (product
        S3).
        """
        wanted: dict[tuple[int, int], list[QueueEntry]] = defaultdict(list)
        swaps = [entry for entries in self.parties.values() for entry in entries if entry.seat_at is not None]
        for entry in swaps:
            assert entry.seat_at is not None  # noqa: S101  # filtered above
            partners = wanted[entry.session_id, entry.seat_at]
            if not any(self._trade(entry, partner) for partner in partners):
                wanted[entry.seat_at, entry.session_id].append(entry)

    def _trade(self, one: QueueEntry, other: QueueEntry) -> bool:
        if one.party not in self.parties or other.party not in self.parties:
            return False
        if {self.windows.get(one.session_id), self.windows.get(other.session_id)} & {Window.CLOSED, None}:
            return False
        for entry in (one, other):
            self._count(entry, entry.seat_at, -1)
        if all(
            self._seats(entry).free(is_member=entry.is_member(self._seats(entry).session)) for entry in (one, other)
        ):
            for entry in (one, other):
                self._take(entry, Outcome.EXCHANGE)
                self._count(entry, entry.session_id, 1)
            return True
        for entry in (one, other):
            self._count(entry, entry.seat_at, 1)
        return False

    def _take(self, entry: QueueEntry, outcome: Outcome) -> None:
        entries = self.parties.pop(entry.party)
        if len(entries) == 1:
            self.waiting_only_here[entries[0].session_id] -= 1
        self.given.append(Allocation(entry, outcome))

    def _count(self, entry: QueueEntry, session_id: int | None, seats: int) -> None:
        counted = self.event_seats.of(session_id) if session_id else None
        if counted:
            counted.count(seats, is_member=entry.is_member(counted.session))

    def _seats(self, entry: QueueEntry) -> SessionSeats:
        found = self.event_seats.of(entry.session_id)
        assert found is not None  # noqa: S101  # the queue has only sessions of this event
        return found
