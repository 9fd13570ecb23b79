"""The tables of the page: rows of activities or periods, columns of numbers. Rates are made of published values only
(specs/privacy.md 1.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from project.dashboard.enums import Measure, Table
from project.dashboard.rules.protection import rate
from project.dashboard.rules.tables import ALL
from project.dashboard.schemas.cells import special_rows
from project.dashboard.schemas.numbers import Form, Number, name_of

if TYPE_CHECKING:
    from project.dashboard.rules.periods import Period
    from project.dashboard.schemas.cells import Cells


@dataclass(frozen=True)
class Head:
    label: str
    metric: str


@dataclass(frozen=True)
class Row:
    label: str
    numbers: list[Number]
    is_total: bool = False


@dataclass(frozen=True)
class Grid:
    caption: str
    corner: str
    heads: list[Head]
    rows: list[Row]


def delivery_by_activity(cells: Cells, month: Period) -> Grid:
    rows = [
        Row(label, _delivery(cells, month, row, Table.SEATS), is_total=row == ALL)
        for row, label in _activities(cells, Table.DELIVERY, month)
    ]
    caption = _("Sessions and seats per activity, %(when)s") % {"when": name_of(month)}
    return Grid(caption, _("Activity"), _delivery_heads(), rows)


def delivery_by_period(cells: Cells, periods: list[Period]) -> Grid:
    """The whole programme in the month, quarter and academic year. Distinct people are counted in each period, not
    added up.
    """
    rows = []
    for period in periods:
        people = cells.value(Table.INSTITUTION, period, Measure.PEOPLE)
        rows.append(Row(name_of(period), [*_delivery(cells, period, ALL, Table.INSTITUTION), Number(people, "m3")]))
    return Grid(_("The whole programme"), _("Period"), [*_delivery_heads(), Head(_("People"), "m3")], rows)


def turnout_by_activity(cells: Cells, month: Period) -> Grid:
    heads = [
        Head(_("Seats kept"), "m6"),
        Head(_("Came"), "m6"),
        Head(_("Did not come"), "m7"),
        Head(_("Given back late"), "m8"),
        Head(_("Came without a seat"), "m9"),
        Head(_("Waited"), "waited"),
    ]
    rows = [
        Row(label, _turnout(cells, month, row), is_total=row == ALL)
        for row, label in _activities(cells, Table.TURNOUT, month)
    ]
    caption = _("Who came, per activity, %(when)s") % {"when": name_of(month)}
    return Grid(caption, _("Activity"), heads, rows)


def unmet_by_activity(cells: Cells, quarter: Period) -> Grid:
    rows = [
        Row(label, [Number(cells.value(Table.UNMET, quarter, Measure.UNMET, row), "m11")], is_total=row == ALL)
        for row, label in _activities(cells, Table.UNMET, quarter)
    ]
    heads = [Head(_("People who waited and did not get to come"), "m11")]
    caption = _("Who waited, per activity, %(when)s") % {"when": name_of(quarter)}
    return Grid(caption, _("Activity"), heads, rows)


def attendance_rate(cells: Cells, month: Period, row: str = ALL) -> int | None:
    """M6, by the identity of T6: (seats kept - absent - cancelled late) / seats kept."""
    kept, absent, late = (
        cells.value(Table.TURNOUT, month, measure, row)
        for measure in (Measure.CONFIRMED, Measure.NO_SHOW, Measure.LATE_CANCEL)
    )
    if kept is None or absent is None or late is None:
        return None
    return rate(max(0, kept - absent - late), kept)


def _activities(cells: Cells, table: Table, period: Period) -> list[tuple[str, str]]:
    """Returns the rows of all activities and then of their total; empty if there were none."""
    rows = list(cells.rows(table, period).items())
    return [*rows, (ALL, special_rows()[ALL])] if rows else []


def _delivery_heads() -> list[Head]:
    return [
        Head(_("Planned"), "m1"),
        Head(_("Held"), "m1"),
        Head(_("Cancelled"), "m1"),
        Head(_("Seats offered"), "m5"),
        Head(_("Seats used"), "m2"),
        Head(_("Filled"), "m5"),
    ]


def _delivery(cells: Cells, period: Period, row: str, seats_in: Table) -> list[Number]:
    exact = (Measure.PLANNED, Measure.HELD, Measure.CANCELLED)
    capacity = cells.value(Table.DELIVERY, period, Measure.CAPACITY, row)
    seats = cells.value(seats_in, period, Measure.SEATS, row)
    return [
        *(Number(cells.value(Table.DELIVERY, period, measure, row), "m1") for measure in exact),
        Number(capacity, "m5"),
        Number(seats, "m2"),
        Number(rate(seats, capacity), "m5", Form.RATE),
    ]


def _turnout(cells: Cells, month: Period, row: str) -> list[Number]:
    kept = cells.value(Table.TURNOUT, month, Measure.CONFIRMED, row)
    seats = cells.value(Table.SEATS, month, Measure.SEATS, row)
    parts = [
        (Measure.NO_SHOW, "m7", kept),
        (Measure.LATE_CANCEL, "m8", kept),
        (Measure.WALK_IN, "m9", seats),
    ]
    return [
        Number(kept, "m6"),
        Number(attendance_rate(cells, month, row), "m6", Form.RATE),
        *(
            _with_rate(cells.value(Table.TURNOUT, month, measure, row), metric, whole)
            for measure, metric, whole in parts
        ),
        Number(cells.value(Table.TURNOUT, month, Measure.WAITLISTED, row), "waited"),
    ]


def _with_rate(count: int | None, metric: str, whole: int | None) -> Number:
    share = rate(count, whole)
    return Number(count, metric, note="" if share is None else Number(share, metric, Form.RATE).text)
