"""Many people sign up for few seats of one date over HTTP, dozens at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from tests.bench import client, meter

if TYPE_CHECKING:
    from tests.bench.client import Answer
    from tests.bench.sides.servers import Web

TOKEN = "Sm4llButLongEnoughToBeASecret0fU"  # a CSRF token of 32 characters, as Django's, for form and cookie


@dataclass(frozen=True)
class Goal:
    """A date to sign up for: the requests, in the order of the people, and ways to read the result, by the number of
    the person.
    """

    requests: list[bytes]
    seats: int
    seated: Callable[[], set[int]]
    present: Callable[[], int]


class Side(Protocol):
    """Our application, or the smallest one."""

    web: Web

    def goal(self, seats: int, people: int) -> Goal:
        """Makes a new date, and the requests of people who want it."""
        ...


@dataclass(frozen=True)
class Rush:
    """The result, in seconds, and milliseconds of CPU of the web server per person."""

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
    """Returns responses per second, from the start to the last of these."""
    return len(answers) / max(answer.at for answer in answers) if answers else 0.0


def _lost(answers: list[Answer], present: int) -> int:
    """Returns how many sign-ups failed, or were confirmed but are not in the database."""
    done = sum(answer.status == HTTPStatus.FOUND for answer in answers)
    return len(answers) - done + abs(done - present)
