"""The smallest app and its people. Its tables are read with SQL, because this process has loaded our models."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bench import client
from tests.bench.rush import TOKEN, Goal
from tests.bench.sides.servers import SMALLEST

if TYPE_CHECKING:
    from tests.bench.sides.servers import Servers, Web

SPARE_EVENTS = 40  # enough for a page of 30 and for every rush


@dataclass
class Theirs:
    servers: Servers
    web: Web
    cookies: list[str]
    people: list[int]  # primary keys, in the order of the cookies
    events: list[int]  # without sign-ups so far

    @classmethod
    def open(cls, servers: Servers, people: int) -> Theirs:
        arrange = ["-m", "tests.bench.smallest", str(people), str(SPARE_EVENTS)]
        made = json.loads(servers.run_python(arrange, servers.smallest_environment()))
        return cls(servers, servers.start_web(SMALLEST), made["cookies"], made["people"], made["events"])

    def goal(self, seats: int, people: int) -> Goal:
        event = self.events.pop()
        self._ask("UPDATE smallest_event SET seats = %s WHERE id = %s RETURNING id", seats, event)
        path = f"/events/{event}/sign-up/"
        requests = [client.button(self.web.port, path, cookie, TOKEN) for cookie in self.cookies[:people]]
        return Goal(requests, seats, lambda: self._seated(event), lambda: self._present(event))

    def _seated(self, event: int) -> set[int]:
        rows = self._ask("SELECT person_id FROM smallest_registration WHERE has_seat AND event_id = %s", event)
        return {self.people.index(row[0]) for row in rows}

    def _present(self, event: int) -> int:
        return int(self._ask("SELECT count(*) FROM smallest_registration WHERE event_id = %s", event)[0][0])

    def _ask(self, question: str, *values: int) -> list[tuple[Any, ...]]:
        with self.servers.connect("smallest") as connection:
            return connection.execute(question.encode(), values).fetchall()
