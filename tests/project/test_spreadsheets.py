from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.spreadsheets import STARTS_A_FORMULA, plain_cell


@pytest.mark.parametrize("value", ["=1+1", "+31", "-2", "@cmd", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_plain_cell_disarms_formulas(value: str) -> None:
    assert plain_cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Mindlab", "– not shown", "a=b", "12", "O'Brien", "名前"])
def test_plain_cell_leaves_words_alone(value: str) -> None:
    assert plain_cell(value) == value


@given(st.text())
def test_plain_cell_never_begins_like_a_formula(value: str) -> None:
    assert not plain_cell(value).startswith(STARTS_A_FORMULA)
