"""Everything on the page is a function of published values (specs/privacy.md 6, iii)."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from project.dashboard.enums import CellStatus, Measure, Table
from project.dashboard.models import PublishedCell, Release
from project.dashboard.rules.answers import answers
from project.dashboard.rules.facts import Block, Label, Programme, UnitSize
from project.dashboard.rules.periods import add_months, closing_with
from project.dashboard.rules.tables import Figure, build
from project.dashboard.schemas.board import Board
from project.dashboard.schemas.cells import Shown
from project.dashboard.schemas.grids import Grid
from project.dashboard.schemas.sheet import sheet_of
from tests.project.dashboard.programme import LONG_AFTER, random_programme

YEAR = [add_months(date(2025, 9, 1), number) for number in range(12)]
programmes = st.builds(random_programme, seed=st.integers(0, 10**6), people=st.sampled_from([12, 40, 150]))
months = st.sampled_from(YEAR)


@settings(max_examples=40, deadline=None)
@given(programmes, months)
def test_rates_are_made_of_published_values_only(programme: Programme, month: date) -> None:
    board = make_board(programme, month)

    for grid, part, whole, shown in [
        (board.by_activity, 4, 3, 5),
        (board.by_period, 4, 3, 5),
    ]:
        for numbers in _numbers(grid):
            assert numbers[shown] == _rate(numbers[part], numbers[whole])
    for row in board.reach.rows if board.reach else []:
        assert row.share.value == _rate(row.people.value, row.headcount.value)
    for kept, came, absent, late, _walked_in, _waited in _numbers(board.turnout):
        rest = None if None in {kept, absent, late} else max(0, (kept or 0) - (absent or 0) - (late or 0))
        assert came == _rate(rest, kept)


@settings(max_examples=40, deadline=None)
@given(programmes, months)
def test_page_shows_nothing_that_is_not_in_its_file(programme: Programme, month: date) -> None:
    board = make_board(programme, month)

    told = {cell.value for cell in board.cells.all}
    counts = [number for numbers in _numbers(board.by_activity) for number in numbers[:5]]

    assert set(counts) <= told | {None}
    assert len(sheet_of(board)) == len(board.cells.all) + 1


@settings(max_examples=20, deadline=None)
@given(programmes)
def test_page_shows_only_closed_periods(programme: Programme) -> None:
    board = make_board(programme, date(2026, 1, 1))

    periods = {cell.period for cell in board.cells.all}

    assert periods <= {"2026-01", "2025-2026-Q1"}
    assert board.reach is None


def test_reach_has_no_row_for_other_units_if_there_are_none() -> None:
    unit = UnitSize("abe", Label("Built", "Bouwkunde"), 200, date(2025, 10, 1))

    reach = make_board(Programme({}, [], [], [unit]), date(2026, 2, 1)).reach

    assert reach is not None
    assert [row.label for row in reach.rows] == ["Built"]


def test_voices_show_no_response_if_it_is_suppressed() -> None:
    block = Block("mindlab", ballots=20, answers=9, tallies={"advise": {("4", ""): 9}})
    programme = Programme({}, [], [], [], surveyed=frozenset({"mindlab"}), blocks=[block])

    voices = make_board(programme, date(2026, 5, 1)).voices

    assert voices is not None
    assert voices.response == ""
    assert voices.questions[-1].share.text == "> 95 %"
    assert voices.questions[-1].interval == "61 to 100 %"


def make_board(programme: Programme, month: date) -> Board:
    """Returns the board of a month without a database, with every month of the year released."""
    releases = [Release(month=day, released_at=LONG_AFTER, digest="") for day in YEAR]
    shown = Shown(YEAR, month)
    wanted = {(period, table) for _month, period, tables in shown.parts for table in tables}
    cells = [_cell(figure) for figure in _figures(programme) if (figure.period, figure.table) in wanted]
    return Board(releases[YEAR.index(month)], releases, shown, cells)


def _figures(programme: Programme) -> list[Figure]:
    found: list[Figure] = []
    for month in YEAR:
        periods = closing_with(month)
        found += build(programme, periods)
        found += answers(programme, periods[1]) if len(periods) > 1 else []
    return found


def _cell(figure: Figure) -> PublishedCell:
    return PublishedCell(
        table=Table(figure.table),
        period=figure.period,
        row=figure.row,
        column=figure.column,
        measure=Measure(figure.measure),
        status=CellStatus.SUPPRESSED if figure.value is None else CellStatus.PUBLISHED,
        value=figure.value,
        label_en=figure.label.en,
        label_nl=figure.label.nl,
    )


def _numbers(grid: Grid) -> list[list[int | None]]:
    return [[number.value for number in row.numbers] for row in grid.rows]


def _rate(part: int | None, whole: int | None) -> int | None:
    """Repeats the rule on purpose instead of importing it."""
    if part is None or whole is None or whole < 25:
        return None
    percent = 100 * part / whole
    return int(percent / 5 + 0.5) * 5 if whole < 50 else int(percent + 0.5)
