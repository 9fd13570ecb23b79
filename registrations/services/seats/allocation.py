"""Who gets which seat when seats are free. Pure: it reads the ledger and the queue, and returns what should be written."""

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
    from registrations.services.seats.availability import Ledger, Seats


class Gift(Enum):
    SEAT = "SEAT"
    OFFER = "OFFER"
    EXCHANGE = "EXCHANGE"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One row of the waiting list, as far as it matters for its turn. `seat_at`: the session of the seat it would replace."""

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
class Grant:
    wish: Wish
    gift: Gift


def plan(*, ledger: Ledger, queue: Iterable[Wish], windows: Mapping[int, Window]) -> list[Grant]:
    """Gives out every free seat: it walks people, not dates, in the order of the queue (product Q2).

    Each gets, among the wished dates with a seat for them, the one with the fewest people waiting only for it, then the earliest. A swap
    frees a seat, and who was passed over may fit there, so the walk then begins anew. `queue` is in queue order, without those whose
    wishes rest while they have an offer; `windows` says by session what a free seat becomes. The ledger is changed along the way.
    """
    return _Plan(ledger, queue, windows).grants()


class _Plan:
    def __init__(self, ledger: Ledger, queue: Iterable[Wish], windows: Mapping[int, Window]) -> None:
        self.ledger, self.windows = ledger, windows
        self.parties: dict[tuple[int, UUID], list[Wish]] = {}
        for wish in queue:
            self.parties.setdefault(wish.party, []).append(wish)
        self.waiting_only_here = Counter(wishes[0].session_id for wishes in self.parties.values() if len(wishes) == 1)
        self.given: list[Grant] = []

    def grants(self) -> list[Grant]:
        self._exchange()
        while self._walk():
            pass
        return self.given

    def _walk(self) -> bool:
        """Says whether a seat came free on the way, so that the walk must begin anew."""
        for wishes in list(self.parties.values()):
            wish = self._best_of(wishes)
            if wish is None:
                continue
            self._give(wish)
            if wish.seat_at in self.windows and self.given[-1].gift == Gift.SEAT:
                return True
        return False

    def _best_of(self, wishes: list[Wish]) -> Wish | None:
        return min((wish for wish in wishes if self._has_seat_for(wish)), key=self._preference, default=None)

    def _preference(self, wish: Wish) -> tuple[int, datetime, int]:
        session = self._seats(wish).session
        return self.waiting_only_here[wish.session_id], session.starts_at, session.pk

    def _has_seat_for(self, wish: Wish) -> bool:
        if self.windows.get(wish.session_id) not in {Window.SEATED, Window.OFFERED} or self._has_come(wish):
            return False
        seats = self._seats(wish)
        return seats.free(is_member=wish.is_member(seats.session)) > 0

    def _has_come(self, wish: Wish) -> bool:
        """The date of the seat to be replaced has begun: who was there is not taken out of it for another."""
        return wish.seat_at is not None and wish.seat_at not in self.windows

    def _give(self, wish: Wish) -> None:
        gift = Gift.SEAT if self.windows[wish.session_id] == Window.SEATED else Gift.OFFER
        self._take(wish, gift)
        self._count(wish, wish.session_id, 1)
        if gift == Gift.SEAT:
            self._count(wish, wish.seat_at, -1)

    def _exchange(self) -> None:
        """Two people who wait for each other's seat, those first in the queue first; it takes nobody's turn (product S3)."""
        wanted: dict[tuple[int, int], list[Wish]] = defaultdict(list)
        swaps = [wish for wishes in self.parties.values() for wish in wishes if wish.seat_at is not None]
        for wish in swaps:
            assert wish.seat_at is not None  # noqa: S101  # chosen for it
            partners = wanted[wish.session_id, wish.seat_at]
            if not any(self._trade(wish, partner) for partner in partners):
                wanted[wish.seat_at, wish.session_id].append(wish)

    def _trade(self, one: Wish, other: Wish) -> bool:
        if one.party not in self.parties or other.party not in self.parties:
            return False
        if {self.windows.get(one.session_id), self.windows.get(other.session_id)} & {Window.CLOSED, None}:
            return False
        for wish in (one, other):
            self._count(wish, wish.seat_at, -1)
        if all(self._seats(wish).free(is_member=wish.is_member(self._seats(wish).session)) for wish in (one, other)):
            for wish in (one, other):
                self._take(wish, Gift.EXCHANGE)
                self._count(wish, wish.session_id, 1)
            return True
        for wish in (one, other):
            self._count(wish, wish.seat_at, 1)
        return False

    def _take(self, wish: Wish, gift: Gift) -> None:
        wishes = self.parties.pop(wish.party)
        if len(wishes) == 1:
            self.waiting_only_here[wishes[0].session_id] -= 1
        self.given.append(Grant(wish, gift))

    def _count(self, wish: Wish, session_id: int | None, seats: int) -> None:
        counted = self.ledger.of(session_id) if session_id else None
        if counted:
            counted.count(seats, is_member=wish.is_member(counted.session))

    def _seats(self, wish: Wish) -> Seats:
        found = self.ledger.of(wish.session_id)
        assert found is not None  # noqa: S101  # the queue is that of the ledger's sessions
        return found
