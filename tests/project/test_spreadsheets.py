from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from project.spreadsheets import BEGINS_AGAIN, STARTS_A_FORMULA, as_csv, as_xlsx, plain_cell
from tests.project.support.sheets import cells_of, formats_of


@pytest.mark.parametrize("value", ["=1+1", "+31", "-2", "@cmd", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_plain_cell_disarms_formulas(value: str) -> None:
    assert plain_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Mindlab", "– not shown", "a=b", "12", "O'Brien", "名前"])
def test_plain_cell_leaves_other_texts_unchanged(value: str) -> None:
    assert plain_cell(value) == value


@pytest.mark.parametrize("separator", [";", ",", "\t", "\n", "\r\n", "|"])
def test_plain_cell_disarms_formulas_inside(separator: str) -> None:
    assert plain_cell(f"Ann{separator} =1+1") == f"Ann{separator}' =1+1"


@given(st.text())
def test_plain_cell_never_holds_a_formula(value: str) -> None:
    cell = plain_cell(value)

    assert not cell.lstrip().startswith(STARTS_A_FORMULA)
    assert not BEGINS_AGAIN.search(cell.lstrip("'").lstrip())


def test_as_csv_opens_in_columns_in_either_language() -> None:
    rows: list[list[object]] = [["Name", "Number"], ['Ann; "x"', 3]]

    assert as_csv(rows).decode() == '\ufeff"Name","Number"\r\n"Ann; ""x""","3"\r\n'
    with override("nl"):
        assert as_csv(rows).decode() == '\ufeff"Name";"Number"\r\n"Ann; ""x""";"3"\r\n'


MOMENT = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)


def test_as_xlsx_keeps_numbers_as_numbers_and_dates_as_dates() -> None:
    book = as_xlsx([["What"], [3], [-2], [1.5], [True], [float("nan")], [10**20], [MOMENT], [date(2026, 7, 1)], ["12"]])

    cells = [row[0] for row in cells_of(book)]
    assert cells[1:4] == [3, -2, 1.5]
    assert cells[4:7] == ["True", "nan", "1" + "0" * 20]
    assert cells[7] == pytest.approx(46204 + 12.5 / 24)  # half past twelve in Amsterdam, in days since 30 December 1899
    assert cells[8:] == [46204, "12"]
    assert {"yyyy\\-mm\\-dd\\ hh:mm", "yyyy\\-mm\\-dd"} <= formats_of(book)


def test_as_csv_uses_the_default_time_zone_and_the_readers_decimal_mark() -> None:
    rows: list[list[object]] = [[MOMENT, date(2026, 7, 1), -2, 1.5]]

    assert as_csv(rows).decode() == '\ufeff"2026-07-01 12:30","2026-07-01","-2","1.5"\r\n'
    with override("nl"):
        assert as_csv(rows).decode() == '\ufeff"2026-07-01 12:30";"2026-07-01";"-2";"1,5"\r\n'


def test_as_xlsx_keeps_texts_as_texts_and_names_no_author() -> None:
    book = ZipFile(BytesIO(as_xlsx([["Name", "Seats"], ["=1+1", 3], ["https://a.nl \ud800\x07", ""]])))

    sheet, texts = (book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "sharedStrings"))
    assert ("<f>" in sheet, "hyperlink" in sheet, "<v>3</v>" in sheet) == (False, False, True)
    assert "<t>=1+1</t>" in texts
    assert "<dc:creator></dc:creator>" in book.read("docProps/core.xml").decode()
