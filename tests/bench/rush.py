"""Many people for few seats of one date, some dozens at a time, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from tests.bench import client, meter

if TYPE_CHECKING:
    from tests.bench.client import Answer
    from tests.bench.sides.servers import Web

TOKEN = "Sm4llButLongEnoughToBeASecret0fU"  # what a form carries and the cookie repeats: 32 signs, as Django makes them


@dataclass(frozen=True)
class Goal:
    """What a crowd runs for: requests in the order of the people, and afterwards what the database knows, by the number of the person."""

    requests: list[bytes]
    seats: int
    seated: Callable[[], set[int]]
    present: Callable[[], int]


class Side(Protocol):
    """Our house, or the smallest app beside it."""

    web: Web

    def goal(self, seats: int, people: int) -> Goal:
        """Make a fresh date, and who wants it."""
        ...


@dataclass(frozen=True)
class Rush:
    """What it was like. Seconds, and milliseconds of web CPU for each person who came."""

    people: int
    seats_a_second: float
    people_a_second: float
    wait_for_a_seat: float
    web_ms: float
    errors: int
    overbooked: int
    lost: int


def run(web: Web, goal: Goal, *, at_once: int) -> Rush:
    before = meter.cpu_ms(web.pid)
    answers = client.ask_all(web.port, goal.requests, at_once=at_once)
    used = meter.cpu_ms(web.pid) - before
    seated = goal.seated()
    with_a_seat = [answer for answer in answers if answer.person in seated]
    return Rush(
        people=len(answers),
        seats_a_second=_pace(with_a_seat),
        people_a_second=_pace(answers),
        wait_for_a_seat=client.median_wait(with_a_seat),
        web_ms=used / len(answers),
        errors=client.errors(answers),
        overbooked=max(0, len(seated) - goal.seats),
        lost=_lost(answers, goal.present()),
    )


def _pace(answers: list[Answer]) -> float:
    """How many a second, from the opening until the last of these had an answer."""
    return len(answers) / max(answer.at for answer in answers) if answers else 0.0


def _lost(answers: list[Answer], present: int) -> int:
    """Who was not told "done", and who was told so and is not there."""
    done = sum(answer.status == HTTPStatus.FOUND for answer in answers)
    return len(answers) - done + abs(done - present)
