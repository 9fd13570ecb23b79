"""The released cells that one page shows, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from project.dashboard.enums import Measure, PeriodKind, Table
from project.dashboard.rules.periods import newest_periods
from project.dashboard.rules.tables import ALL, GUESTS, OTHER_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from project.dashboard.models import PublishedCell
    from project.dashboard.rules.periods import Period

OF_A_MONTH = (Table.DELIVERY, Table.SEATS, Table.TURNOUT, Table.INSTITUTION)
OF_A_QUARTER = (Table.DELIVERY, Table.INSTITUTION, Table.UNMET, Table.FEEDBACK)
OF_A_YEAR = (Table.DELIVERY, Table.INSTITUTION, Table.SUPPORT)
OF_REACH = (Table.PEOPLE_BY_UNIT, Table.HEADCOUNT)


class Shown:
    """Which periods stand on the page of one month: the month, and the last quarter, reach and year that were closed then."""

    def __init__(self, months: Iterable[date], chosen: date) -> None:
        newest = newest_periods(months, chosen)
        self.month = newest[PeriodKind.MONTH]
        self.quarter = newest.get(PeriodKind.QUARTER)
        self.year = newest.get(PeriodKind.YEAR)
        halves = [period for kind in (PeriodKind.HALF, PeriodKind.YEAR) if (period := newest.get(kind))]
        self.reach = max(halves, key=lambda period: period.last_day, default=None)

    @property
    def parts(self) -> list[tuple[date, str, tuple[Table, ...]]]:
        """What to ask the database for: release month, period and tables."""
        wanted: list[tuple[Period | None, tuple[Table, ...]]] = [
            (self.month, OF_A_MONTH),
            (self.quarter, OF_A_QUARTER),
            (self.reach, OF_REACH),
            (self.year, OF_A_YEAR),
        ]
        return [(period.closing_month, period.code, tables) for period, tables in wanted if period]


class Cells:
    def __init__(self, cells: Iterable[PublishedCell]) -> None:
        self.all = list(cells)
        self._found = {(c.table, c.period, c.measure, c.row, c.column): c for c in self.all}

    def value(self, table: Table, period: Period, measure: Measure, row: str = ALL, column: str = "") -> int | None:
        """The published value, or nothing: whether a cell is hidden or was never there makes no difference to the reader."""
        cell = self._found.get((table, period.code, measure, row, column))
        return cell.value if cell else None

    def rows(self, table: Table, period: Period) -> dict[str, str]:
        """Row and its name, by name; all together, other units and guests are added where a table wants them."""
        found = {c.row: c.label for c in self.all if c.table == table and c.period == period.code}
        plain = {row: label for row, label in found.items() if not _is_special(row)}
        return dict(sorted(plain.items(), key=lambda item: item[1].lower()))

    def headcount(self, period: Period, row: str) -> tuple[int | None, str]:
        """People in the unit, and the day on which they were counted."""
        found = (c for c in self.all if c.table == Table.HEADCOUNT and c.period == period.code and c.row == row)
        return next(((cell.value, cell.column) for cell in found), (None, ""))

    def has(self, table: Table, period: Period, row: str) -> bool:
        return any(c.table == table and c.period == period.code and c.row == row for c in self.all)


def name_of_row(cell: PublishedCell) -> str:
    return special_rows().get(cell.row, cell.label)


def special_rows() -> dict[str, str]:
    return {ALL: _("All together"), OTHER_UNITS: _("Other units"), GUESTS: _("Guests")}


def _is_special(row: str) -> bool:
    return row in {ALL, OTHER_UNITS, GUESTS}
