"""The file with exactly the cells of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from project.dashboard.enums import Measure, Table
from project.dashboard.rules.protection import decode_share
from project.dashboard.schemas.cells import name_of_row
from project.dashboard.schemas.numbers import not_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from project.dashboard.models import PublishedCell
    from project.dashboard.schemas.board import Board


def sheet_of(board: Board) -> list[Sequence[str | int]]:
    """Returns one row per cell: stable codes, and names in the reader's language. A suppressed cell only says that it
    is.
    """
    names = [_("name of the table"), _("name of the row"), _("name of the measure"), _("value")]
    heading = ["release", "table", "period", "row", "column", "measure", *names]
    return [heading, *([board.release.code, *_line(cell)] for cell in board.cells.all)]


def _line(cell: PublishedCell) -> list[str | int]:
    codes = [cell.table, cell.period, cell.row, cell.column, cell.measure]
    return [*codes, str(Table(cell.table).label), name_of_row(cell), str(Measure(cell.measure).label), _value(cell)]


def _value(cell: PublishedCell) -> str | int:
    """Returns a number, or a text if the cell is suppressed or a share is only a bound ("< 5 %")."""
    if cell.value is None:
        return not_shown()
    if cell.measure not in {Measure.FAVOURABLE, Measure.IMPROVED}:
        return cell.value
    share = str(decode_share(cell.value)).removesuffix(" %")
    return int(share) if share.isdecimal() else share
