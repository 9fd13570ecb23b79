from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.dashboard.schemas.sheet import FORMULA_STARTS, as_text


@pytest.mark.parametrize("value", ["=1+1", "+31", "-2", "@cmd", "\t=1", "\r=1", "\n=1"])
def test_as_text_disarms_formulas(value: str) -> None:
    assert as_text(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Mindlab", "– not shown", "a=b", "12"])
def test_as_text_leaves_words_alone(value: str) -> None:
    assert as_text(value) == value


@given(st.text())
def test_as_text_never_begins_like_a_formula(value: str) -> None:
    assert not as_text(value).startswith(FORMULA_STARTS)
