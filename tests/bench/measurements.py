"""Everything that `make bench` measures, and the targets (docs/benchmarks.md)."""

from __future__ import annotations

import io
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.management import call_command

from tests.bench import client, growth, meter, report, rush, statements
from tests.bench.report import Row
from tests.bench.sides.ours import Ours, fill_catalogue
from tests.bench.sides.servers import OURS, UnableToMeasure
from tests.bench.sides.theirs import Theirs

if TYPE_CHECKING:
    from events.models import Event
    from tests.bench.rush import Rush, Side
    from tests.bench.sides.servers import Servers, Web

Say = Callable[[str], None]
WARM_UP, COUNTED, LOOKS_AT_ONCE = 60, 10, 4


@dataclass(frozen=True)
class Size:
    """How much to measure: less for a quick look, and for the test that the bench works."""

    people: int = 1000
    seats: int = 300
    at_once: int = 50
    rounds: int = 3
    rows: int = 1_000_000
    looks: int = 200

    @classmethod
    def wished(cls) -> Size:
        """What BENCH_PEOPLE, BENCH_SEATS, BENCH_AT_ONCE, BENCH_ROUNDS, BENCH_ROWS and BENCH_LOOKS ask for."""
        names = {name: f"BENCH_{name.upper()}" for name in cls.__dataclass_fields__}
        return cls(**{name: int(os.environ[wish]) for name, wish in names.items() if wish in os.environ})


@dataclass(frozen=True)
class Aftermath:
    """What a rush cost us until its last mail was sent: milliseconds of CPU per person and per mail."""

    all_ms: float
    worker_ms: float
    mails_missing: int


def run(servers: Servers, say: Say) -> None:
    size = Size.wished()
    if size.rounds:
        with servers.briefly() as open_servers:
            rows = _measure_the_rush(open_servers, size, say)
        say(report.table(f"The rush: {size.people} people, {size.seats} seats, {size.at_once} at a time", rows))
    found = growth.measure(size.rows, say)
    say(report.growth("Growth: milliseconds, and how many times those beside the fewest", found, at_most=1.5))


def _measure_the_rush(servers: Servers, size: Size, say: Say) -> list[Row]:
    people = max(size.people, WARM_UP)
    theirs = Theirs.open(servers, people)
    ours = Ours.open(servers, servers.start_web(OURS), people)
    event = fill_catalogue()
    for side in (theirs, ours):
        rush.run(side.web, side.goal(WARM_UP // 2, WARM_UP), at_once=size.at_once)
    ours.wait_until_mailed()
    rounds = [_one_round(theirs, ours, size, say) for _ in range(size.rounds)]
    return [
        *_rows_of_rounds(rounds),
        *_rows_of_statements(servers, theirs, ours),
        *_rows_of_pages(servers, theirs, ours, _pages_of(event, theirs), size.looks),
        *_rows_of_rest(theirs.web, ours.web),
        Row("broken invariants, by audit_seats", _broken_invariants(), at_most=0, target="0"),
    ]


def _one_round(theirs: Theirs, ours: Ours, size: Size, say: Say) -> tuple[Rush, Rush, Aftermath]:
    other = _rush(theirs, size)
    sent, arrived = ours.wait_until_mailed(), ours.servers.mails_received()
    before_all, before_worker = meter.cpu_ms(*ours.processes), meter.cpu_ms(ours.worker)
    own = _rush(ours, size)
    mails = ours.wait_until_mailed() - sent
    aftermath = Aftermath(
        all_ms=(meter.cpu_ms(*ours.processes) - before_all) / own.people,
        worker_ms=(meter.cpu_ms(ours.worker) - before_worker) / max(mails, 1),
        mails_missing=own.people - min(mails, ours.servers.mails_received() - arrived),
    )
    say(f"{own.people_a_second:.0f} people a second, the smallest app {other.people_a_second:.0f}; {mails} mails")
    return other, own, aftermath


def _rush(side: Side, size: Size) -> Rush:
    return rush.run(side.web, side.goal(size.seats, size.people), at_once=size.at_once)


def _rows_of_rounds(rounds: Sequence[tuple[Rush, Rush, Aftermath]]) -> list[Row]:
    """Returns the medians of the rounds, and the totals of what must not happen."""
    other, own, after = zip(*rounds, strict=True)

    def beside(what: str, name: str, unit: str = "", **target: Any) -> Row:
        return Row(what, _median(own, name), _median(other, name), unit, is_ratio=True, **target)

    def never(what: str, among: Sequence[object], name: str) -> Row:
        return Row(what, sum(getattr(one, name) for one in among), target="0", at_most=0)

    half: dict[str, Any] = {"target": "ratio >= 0.5", "at_least": 0.5}
    return [
        beside("seats given out a second", "seats_a_second", **half),
        beside("people served a second", "people_a_second", **half),
        beside("wait for a seat, median", "wait_for_a_seat", "s", target="ratio <= 2.17", at_most=1 / 0.46),
        beside("web CPU a registration", "web_ms", "ms", target="ratio <= 2", at_most=2),
        Row("worker CPU a mail", _median(after, "worker_ms"), unit="ms", target="<= 15 ms", at_most=15),
        Row("all CPU a registration, mailed", _median(after, "all_ms"), unit="ms", target="<= 60 ms", at_most=60),
        never("overbooked", own, "overbooked"),
        never("lost", own, "lost"),
        never("server errors", own, "errors"),
        never("mails missing", after, "mails_missing"),
    ]


def _rows_of_statements(servers: Servers, theirs: Theirs, ours: Ours) -> list[Row]:
    """Counts the statements of a sign-up that gets a seat, and of one that has to wait."""
    rows = []
    for seats, what in ((COUNTED, "a seat"), (0, "a place to wait")):
        with statements.counted(servers) as sent:
            for side in (theirs, ours):
                rush.run(side.web, side.goal(seats, COUNTED), at_once=1)
            ours.wait_until_mailed()
        web, worker, smallest = (sent[who] / COUNTED for who in ("web", "worker", "smallest"))
        rows.append(Row(f"SQL statements for {what}", web, smallest, target="<= 15", at_most=15))
        rows.append(Row(f"SQL statements for {what}, mailed", web + worker, target="<= 30", at_most=30))
    return rows


def _pages_of(event: Event, theirs: Theirs) -> list[tuple[str, str, str, int]]:
    """Returns, for each page, its name, its path in our app and in the other, and the milliseconds it may take."""
    their_event = f"/events/{theirs.events[0]}/"
    return [("catalogue page", "/", "/", 15), ("event page", event.get_absolute_url(), their_event, 10)]


def _rows_of_pages(
    servers: Servers, theirs: Theirs, ours: Ours, pages: list[tuple[str, str, str, int]], looks: int
) -> list[Row]:
    rows = []
    for what, path, their_path, limit in pages:
        cost, their_cost = _page_ms(ours, path, looks), _page_ms(theirs, their_path, looks)
        with statements.counted(servers) as sent:
            _look(ours, path, COUNTED)
            _look(theirs, their_path, COUNTED)
        asked, their_asked = sent["web"] / COUNTED, sent["smallest"] / COUNTED
        rows.append(Row(f"web CPU of the {what}", cost, their_cost, "ms", target=f"<= {limit} ms", at_most=limit))
        rows.append(Row(f"SQL statements of the {what}", asked, their_asked, target="<= 6", at_most=6))
    return rows


def _page_ms(side: Ours | Theirs, path: str, looks: int) -> float:
    _look(side, path, LOOKS_AT_ONCE * 4)
    before = meter.cpu_ms(side.web.pid)
    _look(side, path, looks)
    return (meter.cpu_ms(side.web.pid) - before) / looks


def _look(side: Ours | Theirs, path: str, times: int) -> None:
    if _statuses(side, path, times) != {HTTPStatus.OK}:
        raise UnableToMeasure(f"{path} did not answer with a page.")


def _statuses(side: Ours | Theirs, path: str, times: int) -> set[int]:
    request = client.page(side.web.port, path, side.cookies[0])
    answers = client.ask_all(side.web.port, [request] * times, at_once=LOOKS_AT_ONCE)
    return {answer.status for answer in answers}


def _rows_of_rest(theirs: Web, ours: Web) -> list[Row]:
    memory = Row("memory of two web workers", ours.memory_mb, theirs.memory_mb, "MB", target="<= 200 MB", at_most=200)
    first = Row("first answer after start", ours.first_answer, theirs.first_answer, "s", target="<= 2 s", at_most=2)
    return [memory, first]


def _broken_invariants() -> int:
    """Returns the number of lines that `manage.py audit_seats` prints; it exits with 1 if there are any."""
    words = io.StringIO()
    try:
        call_command("audit_seats", stdout=words)
    except SystemExit:
        return len(words.getvalue().splitlines())
    return 0


def _median(figures: Sequence[object], name: str) -> float:
    measured: list[float] = [getattr(figure, name) for figure in figures]
    return statistics.median(measured)
