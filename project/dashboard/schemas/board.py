"""The whole page of one month, made of released cells only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from project.dashboard.enums import CellStatus, Measure, Table
from project.dashboard.rules.periods import month_of
from project.dashboard.rules.protection import rate
from project.dashboard.rules.tables import ALL
from project.dashboard.schemas import grids
from project.dashboard.schemas.cells import Cells
from project.dashboard.schemas.chart import chart_of
from project.dashboard.schemas.numbers import Form, Number, grouped, name_of
from project.dashboard.schemas.reach import reach_of
from project.dashboard.schemas.voices import know_where, voices_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from project.dashboard.models import PublishedCell, Release
    from project.dashboard.schemas.cells import Shown
    from project.dashboard.schemas.chart import Chart
    from project.dashboard.schemas.grids import Grid
    from project.dashboard.schemas.reach import Reach
    from project.dashboard.schemas.voices import Voices


@dataclass(frozen=True)
class Tile:
    """One of the six numbers at the top: what it counts, and what it is a part of."""

    number: Number
    label: str
    note: str


@dataclass(frozen=True)
class Support:
    when: str
    seats: Number
    people: Number


class Board:
    """The page of the month of `release`; `releases` are the months to choose from."""

    def __init__(self, release: Release, releases: list[Release], shown: Shown, cells: Iterable[PublishedCell]) -> None:
        self.release, self.releases, self.shown = release, releases, shown
        self.cells = Cells(cells)
        self.when = name_of(shown.month)
        self.quarter = name_of(shown.quarter) if shown.quarter else ""

    @property
    def months(self) -> list[tuple[Release, str]]:
        return [(release, name_of_month(release)) for release in self.releases]

    @property
    def planned(self) -> Number:
        return self._of_month(Table.DELIVERY, Measure.PLANNED, "m1")

    @property
    def held(self) -> Number:
        return self._of_month(Table.DELIVERY, Measure.HELD, "m1")

    @property
    def cancelled(self) -> Number:
        return self._of_month(Table.DELIVERY, Measure.CANCELLED, "m1")

    @property
    def recordable(self) -> int:
        """Sessions that were not cancelled: how many should have been held."""
        return (self.planned.value or 0) - (self.cancelled.value or 0)

    @property
    def seats(self) -> Number:
        return self._of_month(Table.INSTITUTION, Measure.SEATS, "m2")

    @property
    def people(self) -> Number:
        return self._of_month(Table.INSTITUTION, Measure.PEOPLE, "m3")

    @property
    def unmet(self) -> Number:
        quarter = self.shown.quarter
        return Number(self.cells.value(Table.UNMET, quarter, Measure.UNMET) if quarter else None, "m11")

    @property
    def know_where(self) -> Number:
        return know_where(self.cells, self.shown.quarter) if self.shown.quarter else Number(None, "m15", Form.SHARE)

    @property
    def tiles(self) -> list[Tile]:
        capacity = self._of_month(Table.DELIVERY, Measure.CAPACITY, "m5")
        kept = self._of_month(Table.TURNOUT, Measure.CONFIRMED, "m6")
        filled = Number(rate(self.seats.value, capacity.value), "m5", Form.RATE)
        came = Number(grids.attendance_rate(self.cells, self.shown.month), "m6", Form.RATE)
        no_quarter = _("once a quarter has closed")
        planned = _("of %(planned)s planned, %(when)s") % {"planned": self.planned.text, "when": self.when}
        offered = _("of %(seats)s seats in the sessions held") % {"seats": capacity.text}
        of_kept = _("of the seats kept until the deadline: %(kept)s") % {"kept": kept.text}
        return [
            Tile(self.held, _("sessions held"), planned),
            Tile(self.people, _("people reached"), self.when),
            Tile(filled, _("of the seats used"), offered),
            Tile(came, _("came, who had a seat"), of_kept),
            Tile(self.unmet, _("waited, and did not get to come"), self.quarter or no_quarter),
            Tile(self.know_where, _("say they know where to go for help"), self.know_where.note or no_quarter),
        ]

    @property
    def reach(self) -> Reach | None:
        return reach_of(self.cells, self.shown.reach) if self.shown.reach else None

    @property
    def chart(self) -> Chart | None:
        reach = self.reach
        return chart_of(reach) if reach else None

    @property
    def by_period(self) -> Grid:
        periods = [self.shown.month, self.shown.quarter, self.shown.year]
        return grids.delivery_by_period(self.cells, [period for period in periods if period])

    @property
    def by_activity(self) -> Grid:
        return grids.delivery_by_activity(self.cells, self.shown.month)

    @property
    def turnout(self) -> Grid:
        return grids.turnout_by_activity(self.cells, self.shown.month)

    @property
    def unserved(self) -> Grid | None:
        return grids.unmet_by_activity(self.cells, self.shown.quarter) if self.shown.quarter else None

    @property
    def voices(self) -> Voices | None:
        return voices_of(self.cells, self.shown.quarter) if self.shown.quarter else None

    @property
    def support(self) -> Support | None:
        year = self.shown.year
        if year is None or not self.cells.has(Table.SUPPORT, year, ALL):
            return None
        seats, people = (self.cells.value(Table.SUPPORT, year, m) for m in (Measure.SEATS, Measure.PEOPLE))
        return Support(name_of(year), Number(seats, "m2"), Number(people, "m3"))

    @property
    def hidden(self) -> str:
        """M17: how many figures on this page are suppressed."""
        return grouped(sum(cell.status == CellStatus.SUPPRESSED for cell in self.cells.all))

    @property
    def total(self) -> str:
        return grouped(len(self.cells.all))

    def _of_month(self, table: Table, measure: Measure, metric: str) -> Number:
        return Number(self.cells.value(table, self.shown.month, measure), metric)


def name_of_month(release: Release) -> str:
    return name_of(month_of(release.month))
