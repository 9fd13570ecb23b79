"""`make bench` works: with a crowd of twenty, and growth from one block of registrations to two."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.architecture import sources
from tests.bench import bulk, report
from tests.bench.report import Row

SMALL = {"BENCH_PEOPLE": "20", "BENCH_SEATS": "5", "BENCH_AT_ONCE": "8", "BENCH_ROUNDS": "1", "BENCH_LOOKS": "10"}
MUST_BE_NONE = ("overbooked", "lost", "server errors", "mails missing", "broken invariants, by audit_seats")


@pytest.mark.slow
@pytest.mark.postgresql
def test_bench_prints_every_figure_beside_its_target() -> None:
    environment = os.environ | SMALL | {"BENCH_ROWS": str(2 * bulk.BLOCK)}
    command = [sys.executable, "-m", "tests.bench"]

    ended = subprocess.run(command, cwd=sources.ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command

    assert ended.returncode == 0, ended.stderr
    assert "20 people, 5 seats, 8 at a time" in ended.stdout
    for what in MUST_BE_NONE:
        assert re.search(rf"^{what} +0 +0 +yes$", ended.stdout, re.MULTILINE), ended.stdout
    for what in ("people served a second", "web CPU a registration", "catalogue page", "board page"):
        assert re.search(rf"^{what} .*\d", ended.stdout, re.MULTILINE), ended.stdout


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("pace", 49, 100, at_least=0.5, is_ratio=True), "NO"),
        (Row("pace", 50, 100, at_least=0.5, is_ratio=True), "yes"),
        (Row("cost", 21, 10, at_most=2, is_ratio=True), "NO"),
        (Row("cost", 20, 10, at_most=2, is_ratio=True), "yes"),
        (Row("lost", 1, at_most=0), "NO"),
        (Row("lost", 0, at_most=0), "yes"),
        (Row("weight", 1), ""),
    ],
)
def test_verdict_of_a_row(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_growth_compares_each_size_with_the_smallest() -> None:
    written = report.growth("Growth", {1000: {"a page": 10.0}, 2000: {"a page": 16.0}}, at_most=1.5)

    assert re.search(r"^a page +10\.0 +16\.0 +1\.60 +<= 1\.5 +NO$", written, re.MULTILINE)
