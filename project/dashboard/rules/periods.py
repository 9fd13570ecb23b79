"""Months, quarters and academic years.

The academic year runs from September to August. Its quarters begin in September, December, March and June, so that
months, quarters and years nest, and `max(quarter) <= year <= sum(quarters)` holds for distinct people (specs/privacy.md
1.5, step 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import holidays

from project.dashboard.enums import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_MONTH_OF_YEAR = 9
RELEASE_LAG_WORKING_DAYS = 10  # specs/privacy.md 1.5 and 5.2, "Late attendance marking"
MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
FRIDAY = 4
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    kind: PeriodKind
    code: str
    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    @property
    def closing_month(self) -> date:
        """The month with whose release this period is released."""
        return self.last_day.replace(day=1)


def month_of(day: date) -> Period:
    return _period(PeriodKind.MONTH, day.replace(day=1))


def year_start(day: date) -> date:
    return date(day.year if day.month >= FIRST_MONTH_OF_YEAR else day.year - 1, FIRST_MONTH_OF_YEAR, 1)


def closing_with(month: date) -> tuple[Period, ...]:
    """Returns the month and every longer period that ends with it. Only the first half year is a period (`HALF`)."""
    passed = _months_into_year(month) + 1
    closing = [month_of(month)]
    if passed % 3 == 0:
        closing.append(_period(PeriodKind.QUARTER, add_months(month, -2)))
    if passed == MONTHS_IN[PeriodKind.HALF]:
        closing.append(_period(PeriodKind.HALF, add_months(month, -5)))
    if passed == MONTHS_IN[PeriodKind.YEAR]:
        closing.append(_period(PeriodKind.YEAR, add_months(month, -11)))
    return tuple(closing)


def add_months(day: date, months: int) -> date:
    """Returns the first day of the month that is so many months away."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def releasable_from(month: date) -> date:
    """Returns the first day on which a month may be released: the tenth working day after its last day.

    Attendance may be recorded until then. Working days are Monday to Friday without Dutch public holidays.
    """
    free_days = holidays.country_holidays("NL")
    day, worked = month_of(month).last_day, 0
    while worked < RELEASE_LAG_WORKING_DAYS:
        day += ONE_DAY
        worked += day.weekday() <= FRIDAY and day not in free_days
    return day


def _months_into_year(day: date) -> int:
    return (day.month - FIRST_MONTH_OF_YEAR) % 12


def _period(kind: PeriodKind, first: date) -> Period:
    return Period(kind, _code(kind, first), first, add_months(first, MONTHS_IN[kind]) - ONE_DAY)


def _code(kind: PeriodKind, first: date) -> str:
    year = f"{year_start(first).year}-{year_start(first).year + 1}"
    return {
        PeriodKind.MONTH: f"{first:%Y-%m}",
        PeriodKind.QUARTER: f"{year}-Q{_months_into_year(first) // 3 + 1}",
        PeriodKind.HALF: f"{year}-H1",
        PeriodKind.YEAR: year,
    }[kind]


def newest_periods(months: Iterable[date], chosen: date) -> dict[PeriodKind, Period]:
    """Returns the last period of each kind that closed by the chosen month, so that pages of past months do not
    change.
    """
    found: dict[PeriodKind, Period] = {}
    for month in sorted((month for month in months if month <= chosen), reverse=True):
        for period in closing_with(month):
            found.setdefault(period.kind, period)
    return found
