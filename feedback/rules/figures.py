"""Which figures may be shown, and how precisely (specs/privacy.md 1.6, 4.4). Pure sums over tallies of whole blocks."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

from feedback.enums import FAVOURABLE, SCALE, UNFAVOURABLE, Answer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from feedback.rules.questionnaire import Item

    Counts = Mapping[tuple[str, str], int]

K_BLOCK = 8  # with fewer answers, nothing is shown
K_DISTRIBUTION = 10  # with fewer, three classes instead of five
K_COMMENTS = 10  # with fewer, no comments
FINE_FROM = 50  # with fewer, percentages in steps of five
BAND = 5
EDGE = 5  # percent; shares below it, or above 95 %, are not exact: unanimity exposes everybody
MEAN_EDGE = 0.2  # the same 5 %, on a scale from 1 to 5
RESPONSE_BANDS = (25, 50, 75)
Z = 1.96


@dataclass(frozen=True)
class Share:
    """A percentage as it may be shown: rounded, and "less than" or "more than" near 0 and 100."""

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
    """A Wilson interval of 95 %, in whole percents, rounded outwards."""

    low: int
    high: int


@dataclass(frozen=True)
class Change:
    """How many people report a higher, equal or lower "now" than "before"."""

    improved: Share
    same: Share
    lower: Share
    interval: Interval


@dataclass(frozen=True)
class Figure:
    """What may be shown for one item; `people` is the lower end of a band, never the exact number."""

    item: Item
    people: int
    mean: Mean
    favourable: Share
    interval: Interval
    spread: tuple[tuple[tuple[Answer, ...], Share], ...]
    change: Change | None = None


def figure(item: Item, counts: Counts) -> Figure | None:
    """Returns None for fewer than eight valid answers. A pair counts only people who answered both halves."""
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
    """Returns the number of people as it may be shown: 8, 10, 15, 20 ..."""
    return K_BLOCK if number < K_DISTRIBUTION else number // BAND * BAND


def share(part: int, whole: int) -> Share:
    """Rounds half up: to steps of five below fifty people, of one from there."""
    step = 1 if whole >= FINE_FROM else BAND
    percent = (200 * part + step * whole) // (2 * step * whole) * step
    if percent < EDGE:
        return Share(EDGE, "<")
    return Share(100 - EDGE, ">") if percent > 100 - EDGE else Share(percent)


def wilson(shown: Share, people: int) -> Interval:
    """Uses only the published share and number: a little wide, but it reveals nothing more."""
    p, z2 = shown.percent / 100, Z * Z
    centre = (p + z2 / (2 * people)) / (1 + z2 / people)
    half = Z * sqrt(p * (1 - p) / people + z2 / (4 * people * people)) / (1 + z2 / people)
    low = 0 if shown.edge == "<" else max(0, floor(100 * (centre - half)))
    return Interval(low, 100 if shown.edge == ">" else min(100, ceil(100 * (centre + half))))


def response_band(answers: int, issued: int) -> tuple[int, int]:
    """Returns the band of the response rate in percent: 0-25, 25-50, 50-75 or 75-100."""
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
