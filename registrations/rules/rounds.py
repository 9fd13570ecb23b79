"""The rounds of a conference, as one reader can choose in them (product C4)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Round
    from registrations.rules.standing import Standing


@dataclass(frozen=True)
class RoundChoice:
    """One round with its parallel sessions, in the order of their start."""

    round: Round
    rows: list[Standing]

    @property
    def held(self) -> Standing | None:
        """The session in which the reader has a seat or is offered one."""
        return next((row for row in self.rows if row.has_seat or row.is_offered), None)

    @property
    def awaited(self) -> list[Standing]:
        return [row for row in self.rows if row.is_waiting or row.is_requested]

    @property
    def chosen(self) -> Standing | None:
        """What the reader chose last: a wish beside a seat is newer than the seat, and submitting the page again must
        not undo it.
        """
        return self.awaited[0] if self.awaited else self.held

    @property
    def is_locked(self) -> bool:
        """Nothing can be chosen or given back here any more."""
        return not any(row.can_choose for row in self.rows)


def rounds_of(rows: Iterable[Standing]) -> list[RoundChoice]:
    """Leaves out the sessions that belong to no round."""
    in_rounds = sorted((row for row in rows if row.session.round), key=_number)
    return [
        RoundChoice(round_, list(parallel))
        for round_, parallel in groupby(in_rounds, key=lambda row: row.session.round)
    ]


def _number(row: Standing) -> int:
    return row.session.round.number if row.session.round else 0
