"""The generated cover of an event: its mark three times, large, smaller and small. Where they are depends only on the
seed, so an event always looks the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

BETWEEN = ((500, 640, 45, 135, 290, 400), (235, 380, 60, 120, 120, 190), (55, 165, 50, 130, 48, 84))
WIDTH, HEIGHT = 720, 180


@dataclass(frozen=True)
class Place:
    """Where a mark is: its centre, its size, and its turn in degrees."""

    x: int
    y: int
    size: int
    turn: int


def composition(seed: str) -> list[Place]:
    """Returns the three marks on a cover of `WIDTH` by `HEIGHT`. The largest is on the right and reaches over the edge,
    so that a text may be on the left.
    """
    dice = iter(hashlib.sha256(seed.encode()).digest())
    return [
        Place(
            x=_between(left, right, next(dice)),
            y=_between(top, bottom, next(dice)),
            size=_between(smallest, largest, next(dice)),
            turn=_between(0, 360, next(dice)),
        )
        for left, right, top, bottom, smallest, largest in BETWEEN
    ]


def _between(least: int, most: int, die: int) -> int:
    return least + (most - least) * die // 256
