"""What people answered, as sums of whole blocks of at least eight answers (specs/privacy.md 1.6).

The difference of two released figures is then also a sum of whole blocks: no answers, or those of at least eight
people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.enums import FAVOURABLE
from feedback.rules.figures import K_BLOCK, band_floor, is_valid, share
from feedback.rules.questionnaire import RATED_ITEMS
from project.dashboard.enums import Measure, Table
from project.dashboard.rules.facts import NO_LABEL
from project.dashboard.rules.protection import encode_share, response_floor
from project.dashboard.rules.tables import ALL, Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedback.rules.questionnaire import Item
    from project.dashboard.rules.facts import Block, Programme
    from project.dashboard.rules.periods import Period

    Counted = Callable[[str, str], bool]

KNOW_WHERE = "know_where"  # the only question asked in pairs (before, now) whose "now" is released by itself (M15)


def answers(programme: Programme, quarter: Period) -> list[Figure]:
    """Returns the answers of the surveys that closed in the quarter, per activity and in all; nothing if none
    closed.
    """
    if not programme.surveyed:
        return []
    found = []
    for row in (ALL, *sorted(programme.surveyed)):
        blocks = [block for block in programme.blocks if row in {ALL, block.activity} and block.answers >= K_BLOCK]
        label = programme.activities.get(row, NO_LABEL)
        for column, measure, value in (_response(blocks), *_questions(blocks)):
            found.append(Figure(Table.FEEDBACK, quarter.code, row, measure, value, column=column, label=label))
    return found


def _response(blocks: list[Block]) -> tuple[str, Measure, int | None]:
    ballots, answered = sum(block.ballots for block in blocks), sum(block.answers for block in blocks)
    return "", Measure.RESPONSE, response_floor(answered, ballots)


def _questions(blocks: list[Block]) -> Iterator[tuple[str, Measure, int | None]]:
    for item in RATED_ITEMS:
        counts = _sum_of_blocks(item, blocks)
        whole = sum(counts.values())
        yield item.key, Measure.ANSWERS, band_floor(whole) if whole else None
        if not item.is_pair or item.key == KNOW_WHERE:
            yield item.key, Measure.FAVOURABLE, _share(counts, _agrees)
        if item.is_pair:
            yield item.key, Measure.IMPROVED, _share(counts, _improved)


def _sum_of_blocks(item: Item, blocks: list[Block]) -> dict[tuple[str, str], int]:
    """Counts the valid answers by (now, before). A block with fewer than eight of them is left out of this question."""
    summed: dict[tuple[str, str], int] = {}
    for block in blocks:
        valid = {pair: number for pair, number in block.tallies.get(item.key, {}).items() if is_valid(item, pair)}
        if sum(valid.values()) >= K_BLOCK:
            for pair, number in valid.items():
                summed[pair] = summed.get(pair, 0) + number
    return summed


def _share(counts: dict[tuple[str, str], int], is_counted: Counted) -> int | None:
    whole = sum(counts.values())
    part = sum(number for pair, number in counts.items() if is_counted(*pair))
    return encode_share(share(part, whole)) if whole else None


def _agrees(now: str, before: str) -> bool:
    return now in FAVOURABLE


def _improved(now: str, before: str) -> bool:
    return now > before
