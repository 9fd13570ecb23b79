"""What may be told of answers, and how exactly (specs/privacy.md 1.6 and 4.4). Pure sums over tallies of whole blocks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

from feedback.enums import FAVOURABLE, SCALE, UNFAVOURABLE, Answer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from feedback.rules.questionnaire import Item

    Counts = Mapping[tuple[str, str], int]

K_BLOCK = 8  # fewer answers: nothing is told
K_DISTRIBUTION = 10  # fewer: three classes instead of five
K_COMMENTS = 10  # fewer: no comments
FINE_FROM = 50  # fewer: percentages in steps of five
BAND = 5
EDGE = 5  # shares beyond 5 and 95 % are not told exactly, for unanimity tells on everybody
MEAN_EDGE = 0.2  # the same 5 % of a scale that is four wide
RESPONSE_BANDS = (25, 50, 75)
Z = 1.96


@dataclass(frozen=True)
class Share:
    """A percentage as it may be shown: rounded, and only "less than" or "more than" at the ends."""

    percent: int
    edge: str = ""

    def __str__(self) -> str:
        return f"{self.edge} {self.percent} %".strip()


@dataclass(frozen=True)
class Mean:
    value: float
    edge: str = ""


@dataclass(frozen=True)
class Interval:
    """Wilson's, 95 %, in whole percents and rounded outwards."""

    low: int
    high: int


@dataclass(frozen=True)
class Change:
    """How "before" became "now" for the same people, by their own account."""

    improved: Share
    same: Share
    lower: Share
    interval: Interval


@dataclass(frozen=True)
class Figure:
    """What may be told of one item; `people` is the lower end of a band, never the number itself."""

    item: Item
    people: int
    mean: Mean
    favourable: Share
    interval: Interval
    spread: tuple[tuple[tuple[Answer, ...], Share], ...]
    change: Change | None = None


def figure(item: Item, counts: Counts) -> Figure | None:
    """Nothing where fewer than eight gave a valid answer. In a pair only who answered both halves counts, so that both have one `n`."""
    valid = {pair: given for pair, given in counts.items() if is_valid(item, pair)}
    number = sum(valid.values())
    if number < K_BLOCK:
        return None
    given = {value: sum(n for pair, n in valid.items() if pair[0] == value) for value in SCALE}
    favourable = _share_of(given, FAVOURABLE)
    return Figure(
        item=item,
        people=band_floor(number),
        mean=_mean(given),
        favourable=favourable,
        interval=wilson(favourable, band_floor(number)),
        spread=tuple((values, _share_of(given, values)) for values in _classes(number)),
        change=_change(valid) if item.is_pair else None,
    )


def is_valid(item: Item, pair: tuple[str, str]) -> bool:
    return pair[0] in SCALE and (not item.is_pair or pair[1] in SCALE)


def band_floor(number: int) -> int:
    """8, 10, 15, 20 ...: the number of people as it may be shown."""
    return K_BLOCK if number < K_DISTRIBUTION else number // BAND * BAND


def share(part: int, whole: int) -> Share:
    """Rounded half up, to five points below fifty people and to one from there."""
    step = 1 if whole >= FINE_FROM else BAND
    percent = (200 * part + step * whole) // (2 * step * whole) * step
    if percent < EDGE:
        return Share(EDGE, "<")
    return Share(100 - EDGE, ">") if percent > 100 - EDGE else Share(percent)


def wilson(told: Share, people: int) -> Interval:
    """From the published share and number alone: a little wide, and it leaks nothing."""
    p, z2 = told.percent / 100, Z * Z
    centre = (p + z2 / (2 * people)) / (1 + z2 / people)
    half = Z * sqrt(p * (1 - p) / people + z2 / (4 * people * people)) / (1 + z2 / people)
    low = 0 if told.edge == "<" else max(0, floor(100 * (centre - half)))
    return Interval(low, 100 if told.edge == ">" else min(100, ceil(100 * (centre + half))))


def response_band(answers: int, issued: int) -> tuple[int, int]:
    """Between which percentages of the invited people answered: 0-25, 25-50, 50-75 or 75-100."""
    percent = 100 * answers / issued
    low = max((edge for edge in RESPONSE_BANDS if percent >= edge), default=0)
    return low, low + RESPONSE_BANDS[0]


def _classes(number: int) -> list[tuple[Answer, ...]]:
    if number >= K_DISTRIBUTION:
        return [(value,) for value in SCALE]
    return [UNFAVOURABLE, (Answer.NEUTRAL,), FAVOURABLE]


def _share_of(given: Mapping[Answer, int], values: Collection[Answer]) -> Share:
    return share(sum(given[value] for value in values), sum(given.values()))


def _mean(given: Mapping[Answer, int]) -> Mean:
    mean = round(sum(int(value) * n for value, n in given.items()) / sum(given.values()), 1)
    lowest, highest = 1 + MEAN_EDGE, 5 - MEAN_EDGE
    if mean < lowest:
        return Mean(lowest, "<")
    return Mean(highest, ">") if mean > highest else Mean(mean)


def _change(valid: Counts) -> Change:
    number = sum(valid.values())
    improved = share(sum(n for (now, before), n in valid.items() if now > before), number)
    same = share(sum(n for (now, before), n in valid.items() if now == before), number)
    lower = share(sum(n for (now, before), n in valid.items() if now < before), number)
    return Change(improved, same, lower, wilson(improved, band_floor(number)))
