"""What may be shown of a true count, and what may be derived from what is shown. Constants may only ever be raised (specs/privacy.md 1.5)."""

from __future__ import annotations

from feedback.rules.figures import EDGE, FINE_FROM, Share, response_band
from project.dashboard.models import SMALLEST_SHOWN_COUNT

K_COUNT = SMALLEST_SHOWN_COUNT  # 1.5: fewer people or seats than this are not shown; the database refuses them too
K_SUPPORT = 20  # 0.9 and 1.5: the one yearly line of discreet activities
BASE = 5  # 1.5: shown counts are multiples of this
K_RATE = 25  # 1.5: smallest published denominator of a rate
SMALL_UNIT = 50  # 1.5: units with fewer people are merged before anything is counted


def shown_count(count: int, threshold: int = K_COUNT) -> int | None:
    """A count rounded half up to 5, or nothing below the threshold. Totals are rounded from true totals, so rows need not add up."""
    return None if count < threshold else BASE * ((2 * count + BASE) // (2 * BASE))


def shown_share(told: Share) -> int:
    """A share of answers as a whole number: 4 stands for "below 5" and 96 for "above 95", which are told no more exactly (1.6)."""
    return told.percent + {"": 0, "<": -1, ">": 1}[told.edge]


def told_share(value: int) -> Share:
    """A released share as it is told."""
    if value < EDGE:
        return Share(EDGE, "<")
    return Share(100 - EDGE, ">") if value > 100 - EDGE else Share(value)


def response_floor(answers: int, ballots: int) -> int | None:
    """The response as the floor of its band: 0, 25, 50 or 75 percent (4.4); as a rate it needs 25 ballots."""
    return None if ballots < K_RATE else response_band(answers, ballots)[0]


def rate(part: int | None, whole: int | None) -> int | None:
    """A rate in percent from published values only; nothing when either is hidden or the denominator is under 25."""
    if part is None or whole is None or whole < K_RATE:
        return None
    return rounded_percent(part, whole)


def rounded_percent(part: int, whole: int) -> int:
    """To 5 points below 50, to 1 point from 50 on, half up (1.6, and used for all rates)."""
    step = BASE if whole < FINE_FROM else 1
    return step * ((200 * part + whole * step) // (2 * whole * step))
