"""The released cells that one page shows, and ways to find them."""

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
    """The periods on the page of one month: that month, and the last quarter, reach and year that had closed by
    then.
    """

    def __init__(self, months: Iterable[date], chosen: date) -> None:
        newest = newest_periods(months, chosen)
        self.month = newest[PeriodKind.MONTH]
        self.quarter = newest.get(PeriodKind.QUARTER)
        self.year = newest.get(PeriodKind.YEAR)
        halves = [period for kind in (PeriodKind.HALF, PeriodKind.YEAR) if (period := newest.get(kind))]
        self.reach = max(halves, key=lambda period: period.last_day, default=None)

    @property
    def parts(self) -> list[tuple[date, str, tuple[Table, ...]]]:
        """What to read from the database: month of release, code of period, and tables."""
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
        """Returns the published value, or None if the cell is suppressed or does not exist: readers cannot tell
        which.
        """
        cell = self._found.get((table, period.code, measure, row, column))
        return cell.value if cell else None

    def rows(self, table: Table, period: Period) -> dict[str, str]:
        """Returns rows and their names, sorted by name, without the special rows (all together, other units,
        guests).
        """
        found = {c.row: c.label for c in self.all if c.table == table and c.period == period.code}
        plain = {row: label for row, label in found.items() if not _is_special(row)}
        return dict(sorted(plain.items(), key=lambda item: item[1].lower()))

    def headcount(self, period: Period, row: str) -> tuple[int | None, str]:
        """Returns the people in a unit and the day they were counted, or (None, "")."""
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
