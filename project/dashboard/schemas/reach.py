"""Reach per unit: people reached, compared with the number of people in the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from project.dashboard.enums import Measure, PeriodKind, Table
from project.dashboard.rules.protection import rate
from project.dashboard.rules.tables import GUESTS, OTHER_UNITS
from project.dashboard.schemas.cells import special_rows
from project.dashboard.schemas.numbers import Form, Number, name_of

if TYPE_CHECKING:
    from project.dashboard.rules.periods import Period
    from project.dashboard.schemas.cells import Cells


@dataclass(frozen=True)
class ReachRow:
    label: str
    people: Number
    headcount: Number
    share: Number


@dataclass(frozen=True)
class Reach:
    """`average` is the rate of the units whose figures are shown, made of those figures; it says nothing about the
    others.
    """

    when: str
    is_preliminary: bool
    counted_on: date | None
    rows: list[ReachRow]
    guests: Number
    average: Number


def reach_of(cells: Cells, period: Period) -> Reach:
    """Returns the units in the order of their names, never by rank (specs/privacy.md 5.2)."""
    named = cells.rows(Table.HEADCOUNT, period)
    if cells.has(Table.HEADCOUNT, period, OTHER_UNITS):
        named[OTHER_UNITS] = special_rows()[OTHER_UNITS]
    rows = [_row(cells, period, row, label) for row, label in named.items()]
    days = [day for row in named if (day := cells.headcount(period, row)[1])]
    return Reach(
        when=name_of(period),
        is_preliminary=period.kind == PeriodKind.HALF,
        counted_on=date.fromisoformat(max(days)) if days else None,
        rows=rows,
        guests=Number(cells.value(Table.PEOPLE_BY_UNIT, period, Measure.PEOPLE, GUESTS), "m3"),
        average=Number(_average(rows), "m4", Form.RATE),
    )


def _row(cells: Cells, period: Period, row: str, label: str) -> ReachRow:
    people = cells.value(Table.PEOPLE_BY_UNIT, period, Measure.PEOPLE, row)
    headcount, _day = cells.headcount(period, row)
    return ReachRow(
        label, Number(people, "m3"), Number(headcount, "m4"), Number(rate(people, headcount), "m4", Form.RATE)
    )


def _average(rows: list[ReachRow]) -> int | None:
    shown = [
        (row.people.value, row.headcount.value) for row in rows if row.share.is_shown and row.people.value is not None
    ]
    return rate(sum(people for people, _all in shown), sum(there or 0 for _people, there in shown))
