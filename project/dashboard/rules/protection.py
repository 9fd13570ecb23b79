"""What may be shown of a true count, and what may be derived from what is shown. Constants must never be lowered
(specs/privacy.md 1.5).
"""

from __future__ import annotations

from feedback.rules.figures import EDGE, FINE_FROM, Share, response_band
from project.dashboard.models import SMALLEST_SHOWN_COUNT

K_COUNT = SMALLEST_SHOWN_COUNT  # 1.5: fewer people or seats are not shown; the database refuses them too
K_SUPPORT = 20  # 0.9 and 1.5: the one yearly line of discreet activities
BASE = 5  # 1.5: shown counts are multiples of this
K_RATE = 25  # 1.5: smallest published denominator of a rate
SMALL_UNIT = 50  # 1.5: units with fewer people are merged before anything is counted


def shown_count(count: int, threshold: int = K_COUNT) -> int | None:
    """Returns a count rounded to 5, half up, or None below the threshold. Totals are rounded from true totals, so rows
    may not add up.
    """
    return None if count < threshold else BASE * ((2 * count + BASE) // (2 * BASE))


def encode_share(share: Share) -> int:
    """Returns a share of answers as a whole number: 4 means "below 5 %" and 96 "above 95 %", beyond which nothing is
    shown (1.6).
    """
    return share.percent + {"": 0, "<": -1, ">": 1}[share.edge]


def decode_share(value: int) -> Share:
    """Returns the share that a released value of `encode_share` means."""
    if value < EDGE:
        return Share(EDGE, "<")
    return Share(100 - EDGE, ">") if value > 100 - EDGE else Share(value)


def response_floor(answers: int, ballots: int) -> int | None:
    """Returns the lower bound of the band of the response: 0, 25, 50 or 75 percent (4.4); None for fewer than 25
    ballots.
    """
    return None if ballots < K_RATE else response_band(answers, ballots)[0]


def rate(part: int | None, whole: int | None) -> int | None:
    """Returns a rate in percent from published values; None if either is hidden, or the denominator is below 25."""
    if part is None or whole is None or whole < K_RATE:
        return None
    return rounded_percent(part, whole)


def rounded_percent(part: int, whole: int) -> int:
    """Returns a percentage rounded half up: to 5 points if `whole` is below 50, else to 1 point (1.6; used for all
    rates).
    """
    step = BASE if whole < FINE_FROM else 1
    return step * ((200 * part + whole * step) // (2 * whole * step))
