"""The file of exactly the cells that a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from project.dashboard.enums import Measure, Table
from project.dashboard.rules.protection import told_share
from project.dashboard.schemas.cells import name_of_row
from project.dashboard.schemas.numbers import not_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from project.dashboard.models import PublishedCell
    from project.dashboard.schemas.board import Board


def sheet_of(board: Board) -> list[Sequence[str | int]]:
    """One line a cell, in the reader's language, with stable codes beside the words; hidden cells say so and nothing else."""
    names = [_("name of the table"), _("name of the row"), _("name of the measure"), _("value")]
    heading = ["release", "table", "period", "row", "column", "measure", *names]
    return [heading, *([board.release.code, *_line(cell)] for cell in board.cells.all)]


def _line(cell: PublishedCell) -> list[str | int]:
    codes = [cell.table, cell.period, cell.row, cell.column, cell.measure]
    return [*codes, str(Table(cell.table).label), name_of_row(cell), str(Measure(cell.measure).label), _value(cell)]


def _value(cell: PublishedCell) -> str | int:
    """A number, unless the cell is hidden or a share is told as a bound."""
    if cell.value is None:
        return not_shown()
    if cell.measure not in {Measure.FAVOURABLE, Measure.IMPROVED}:
        return cell.value
    told = str(told_share(cell.value)).removesuffix(" %")
    return int(told) if told.isdecimal() else told
