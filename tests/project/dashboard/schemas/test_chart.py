from __future__ import annotations

from datetime import date

from project.dashboard.schemas.chart import LEFT, LONGEST_BAR, WIDTH, chart_of
from project.dashboard.schemas.numbers import Form, Number
from project.dashboard.schemas.reach import Reach, ReachRow


def test_chart_is_none_without_a_shown_unit() -> None:
    assert chart_of(_reach([None, None])) is None


def test_chart_draws_bars_of_published_shares_only() -> None:
    chart = chart_of(_reach([40, None, 10], average=25))

    assert chart is not None
    assert [bar.width for bar in chart.bars] == [LONGEST_BAR, 0, LONGEST_BAR // 4]
    assert [bar.text for bar in chart.bars] == ["about 40 %", "– not shown", "about 10 %"]
    assert chart.average_x == LEFT + LONGEST_BAR * 25 // 40
    assert chart.description == "unit 0: about 40 %; unit 1: – not shown; unit 2: about 10 %"


def test_chart_stays_inside_its_frame() -> None:
    chart = chart_of(_reach([97, 3, None, 55], average=96))

    assert chart is not None
    assert all(bar.text_x < WIDTH for bar in chart.bars)
    assert all(bar.text_y < chart.height for bar in chart.bars)
    assert chart.average_x <= LEFT + LONGEST_BAR


def test_chart_without_an_average_draws_no_line() -> None:
    chart = chart_of(_reach([10]))

    assert chart is not None
    assert chart.average_text == ""


def _reach(shares: list[int | None], average: int | None = None) -> Reach:
    rows = [
        ReachRow(f"unit {place}", Number(None, "m3"), Number(100, "m4"), Number(share, "m4", Form.RATE))
        for place, share in enumerate(shares)
    ]
    mean = Number(average, "m4", Form.RATE)
    return Reach("February 2026", True, date(2025, 10, 1), rows, Number(None, "m3"), mean)  # noqa: FBT003 - a field
