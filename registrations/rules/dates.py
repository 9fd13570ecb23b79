"""The dates of one event as a reader sees them: which are listed, which one is nearest to them, what all have in
common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registrations.rules.admission import is_spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registrations.rules.standing import Standing

OPEN_TO_READER = (None, "full-no-waitlist")  # refusals that have nothing to do with the reader


@dataclass(frozen=True, kw_only=True)
class DateFilter:
    """What the reader chose to see. It is offered only where it makes a difference."""

    language: str = ""
    is_for_me: bool = False

    def __bool__(self) -> bool:
        return bool(self.language or self.is_for_me)

    def of(self, rows: Iterable[Standing]) -> list[Standing]:
        """Returns the rows that match."""
        spoken = (row for row in rows if is_spoken(row.session, self.language))
        return [row for row in spoken if not (self.is_for_me and is_for_others(row))]


def is_for_others(row: Standing) -> bool:
    return row.refusal == "not-eligible"


def differ_in_language(rows: Iterable[Standing]) -> bool:
    return len({row.session.language for row in rows}) > 1


def differ_in_being_for_me(rows: Iterable[Standing]) -> bool:
    return len({is_for_others(row) for row in rows}) > 1


def are_for_the_same_people(rows: Iterable[Standing]) -> bool:
    """Returns whether one sentence says who may come to all of these dates."""
    return len({(row.session.admitted_audiences, row.session.admitted_units) for row in rows}) == 1


def next_open(rows: Iterable[Standing], language: str = "") -> Standing | None:
    """Returns the date whose button stays within reach: the first with a free seat, else the first to wait for; in the
    language of the reader if there is one.
    """
    open_rows = [row for row in rows if row.can_sign_up or row.can_take_now]
    return min(open_rows, key=lambda row: (row.is_full, not is_spoken(row.session, language)), default=None)


def can_only_wait(rows: Sequence[Standing]) -> bool:
    """Returns whether no date that the reader may come to has a seat for them, and they have none."""
    wanted = [row for row in rows if row.refusal in OPEN_TO_READER]
    has_seat = any(row.has_seat or row.is_offered or row.other for row in rows)
    return bool(wanted) and not has_seat and all(row.is_full for row in wanted)


def full_ones(rows: Iterable[Standing]) -> list[Standing]:
    """Returns the dates with a waiting list that the reader may wait for."""
    return [row for row in rows if row.can_wait_for and not row.is_requested]
