from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from project.dashboard.rules.periods import closing_with
from project.dashboard.schemas.numbers import Form, Number, name_of


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, Form.COUNT, "– not shown"),
        (None, Form.RATE, "– not shown"),
        (None, Form.SHARE, "– not shown"),
        (0, Form.COUNT, "0"),
        (1245, Form.COUNT, "1,245"),
        (85, Form.RATE, "about 85 %"),
        (100, Form.RATE, "about 100 %"),
        (104, Form.RATE, "> 100 %"),
        (4, Form.SHARE, "< 5 %"),
        (96, Form.SHARE, "> 95 %"),
        (60, Form.SHARE, "60 %"),
    ],
)
def test_number_text(value: int | None, form: Form, text: str) -> None:
    assert Number(value, "m2", form).text == text


def test_number_text_uses_the_dutch_separator() -> None:
    with translation.override("nl"):
        assert Number(1245, "m2").text == "1.245"


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (date(2026, 2, 1), ["February 2026", "December 2025 to February 2026", "September 2025 to February 2026"]),
        (date(2026, 8, 1), ["August 2026", "June 2026 to August 2026", "academic year 2025–2026"]),
    ],
)
def test_name_of_a_period(month: date, names: list[str]) -> None:
    assert [name_of(period) for period in closing_with(month)] == names
