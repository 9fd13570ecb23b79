"""The layout of the chart of reach per unit: thin bars, each with name and number.

Coordinates are whole numbers, so that no language writes them with a comma. Lengths are made of published values
(specs/privacy.md 1.5, "No order leak").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from project.dashboard.schemas.reach import Reach, ReachRow

WIDTH, LEFT, LONGEST_BAR = 420, 2, 330
TOP, ROW = 40, 46
NAME_AT, BAR_AT, BAR = 16, 24, 8  # below the top of a row
NUMBER_GAP = 8
STEP = 10


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    is_shown: bool
    name_y: int
    y: int
    width: int
    text_x: int
    text_y: int


@dataclass(frozen=True)
class Chart:
    title: str
    description: str
    width: int
    height: int
    bar_height: int
    left: int
    bars: list[Bar]
    average_x: int
    average_text: str
    axis_bottom: int


def chart_of(reach: Reach) -> Chart | None:
    """Returns None if no unit has a figure that is shown."""
    shares = [row.share.value for row in reach.rows if row.share.value is not None]
    if not shares:
        return None
    end = -(-max(shares) // STEP) * STEP
    bottom = TOP + ROW * len(reach.rows)
    together = _("shown units together: %(share)s") % {"share": reach.average.text}
    return Chart(
        title=_("Reach per unit, %(when)s") % {"when": reach.when},
        description="; ".join(f"{row.label}: {row.share.text}" for row in reach.rows),
        width=WIDTH,
        height=bottom + STEP,
        bar_height=BAR,
        left=LEFT,
        bars=[_bar(TOP + place * ROW, row, end) for place, row in enumerate(reach.rows)],
        average_x=LEFT + _length(reach.average.value or 0, end),
        average_text=together if reach.average.is_shown else "",
        axis_bottom=bottom,
    )


def _bar(top: int, row: ReachRow, end: int) -> Bar:
    width = _length(row.share.value or 0, end)
    return Bar(
        label=row.label,
        text=row.share.text,
        is_shown=row.share.is_shown,
        name_y=top + NAME_AT,
        y=top + BAR_AT,
        width=width,
        text_x=LEFT + width + NUMBER_GAP if row.share.is_shown else LEFT,
        text_y=top + BAR_AT + BAR,
    )


def _length(share: int, end: int) -> int:
    return LONGEST_BAR * share // end
