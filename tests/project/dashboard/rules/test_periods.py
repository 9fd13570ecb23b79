from __future__ import annotations

from datetime import date, timedelta

import pytest

from project.dashboard.enums import PeriodKind
from project.dashboard.rules.periods import closing_with, month_of, newest_periods, releasable_from


@pytest.mark.parametrize(
    ("month", "codes"),
    [
        (date(2026, 1, 1), ["2026-01"]),
        (date(2025, 11, 1), ["2025-11", "2025-2026-Q1"]),
        (date(2026, 2, 1), ["2026-02", "2025-2026-Q2", "2025-2026-H1"]),
        (date(2026, 5, 1), ["2026-05", "2025-2026-Q3"]),
        (date(2026, 8, 1), ["2026-08", "2025-2026-Q4", "2025-2026"]),
        (date(2026, 9, 1), ["2026-09"]),
    ],
)
def test_closing_with_returns_the_periods_that_end_with_a_month(month: date, codes: list[str]) -> None:
    assert [period.code for period in closing_with(month)] == codes


def test_closing_with_february_spans_whole_months() -> None:
    month, quarter, half = closing_with(date(2024, 2, 1))

    assert (month.first_day, month.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (quarter.first_day, quarter.last_day) == (date(2023, 12, 1), date(2024, 2, 29))
    assert (half.first_day, half.last_day) == (date(2023, 9, 1), date(2024, 2, 29))


def test_closing_with_covers_each_day_of_a_year_once() -> None:
    quarters = [period for month in range(1, 13) for period in closing_with(date(2026, month, 1))[1:2]]

    days = [day for quarter in quarters for day in _days(quarter.first_day, quarter.last_day)]

    assert len(days) == len(set(days)) == 365


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 10, 1), date(2026, 11, 13)),  # ends on a Saturday: ten weekdays later
        (date(2026, 6, 1), date(2026, 7, 14)),  # ends on a Tuesday: two weeks later
        (date(2025, 12, 1), date(2026, 1, 15)),  # New Year's Day is free
        (date(2026, 4, 1), date(2026, 5, 15)),  # Ascension Day is free
    ],
)
def test_releasable_from_is_the_tenth_working_day(month: date, day: date) -> None:
    assert releasable_from(month) == day


def test_newest_periods_ignores_later_releases() -> None:
    months = [date(2025, 8, 1), date(2025, 11, 1), date(2026, 1, 1), date(2026, 2, 1)]

    then = newest_periods(months, date(2026, 1, 1))
    now = newest_periods(months, date(2026, 2, 1))

    assert {kind: period.code for kind, period in then.items()} == {
        PeriodKind.MONTH: "2026-01",
        PeriodKind.QUARTER: "2025-2026-Q1",
        PeriodKind.YEAR: "2024-2025",
    }
    assert now[PeriodKind.HALF].code == "2025-2026-H1"
    assert now[PeriodKind.YEAR].code == "2024-2025"


def test_month_of_contains_exactly_its_days() -> None:
    february = month_of(date(2026, 2, 14))

    assert date(2026, 2, 28) in february
    assert date(2026, 3, 1) not in february


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
