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
    """Something that happens at a moment. The verbs of one event want their moments in order, so all steps are run by the clock."""

    at: datetime
    act: Act = field(compare=False)


def run(steps: list[Step], *, until: datetime) -> None:
    for step in sorted(step for step in steps if step.at <= until):
        step.act(step.at)


class Guests:
    """Who is still free: one seat per person and slot, and nobody where they may not come."""

    def __init__(self, crowd: list[User], *, newcomers: set[int]) -> None:
        """Newcomers, by primary key, were never there before: the board wants to see whom the programme does not reach yet."""
        self.crowd, self.newcomers = crowd, newcomers
        self._taken: defaultdict[UUID, set[int]] = defaultdict(set)

    def who_came(self, session: Session, number: int, chance: Random) -> list[User]:
        return self._choose(
            [person for person in self._free(session) if person.pk not in self.newcomers], session, number, chance
        )

    def who_will_come(self, session: Session, number: int, chance: Random) -> list[User]:
        return self._choose(self._free(session), session, number, chance)

    def _free(self, session: Session) -> list[User]:
        taken = self._taken[session.slot]
        return [person for person in self.crowd if person.pk not in taken and admits(session, person)]

    def _choose(self, free: list[User], session: Session, number: int, chance: Random) -> list[User]:
        """So many people, or as many as there are, in the order in which they will sign up."""
        chosen = chance.sample(free, min(number, len(free)))
        self._taken[session.slot].update(person.pk for person in chosen)
        return chosen
