from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from registrations.rules import admits

if TYPE_CHECKING:
    from random import Random

    from events.models import Session
    from project.accounts.models import User

Act = Callable[[datetime], object]


@dataclass(frozen=True, order=True)
class Step:
    """Something that happens at a moment. Steps are run in the order of time, since the verbs of an event need that."""

    at: datetime
    act: Act = field(compare=False)


def run(steps: list[Step], *, until: datetime) -> None:
    for step in sorted(step for step in steps if step.at <= until):
        step.act(step.at)


class Guests:
    """Chooses people for sessions: each has at most one seat per slot, only where they are admitted."""

    def __init__(self, crowd: list[User], *, newcomers: set[int]) -> None:
        """`newcomers` (primary keys) have attended nothing in the past, so that the figures show whom the programme has
        not reached.
        """
        self.crowd, self.newcomers = crowd, newcomers
        self._taken: defaultdict[UUID, set[int]] = defaultdict(set)

    def choose_for_past(self, session: Session, number: int, chance: Random) -> list[User]:
        return self._choose(
            [person for person in self._free(session) if person.pk not in self.newcomers], session, number, chance
        )

    def choose_for_coming(self, session: Session, number: int, chance: Random) -> list[User]:
        return self._choose(self._free(session), session, number, chance)

    def _free(self, session: Session) -> list[User]:
        taken = self._taken[session.slot]
        return [person for person in self.crowd if person.pk not in taken and admits(session, person)]

    def _choose(self, free: list[User], session: Session, number: int, chance: Random) -> list[User]:
        """Returns `number` people, or as many as are free, in the order in which they will sign up."""
        chosen = chance.sample(free, min(number, len(free)))
        self._taken[session.slot].update(person.pk for person in chosen)
        return chosen
