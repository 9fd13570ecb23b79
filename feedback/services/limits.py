"""Counters that die by themselves. No verb relies on them: a code of 130 bits cannot be guessed."""

from __future__ import annotations

from django.core.cache import cache

from project.web import rate_limits
from project.web.rate_limits import LECTURE_HALL, Limit

WRONG_CODES = Limit(name="feedback-wrong", most=LECTURE_HALL, seconds=60)
CLAIM_SECONDS = 540  # less than the pause between two runs of the scheduler


def count_wrong_code(*, network: str) -> bool:
    """Says whether a network has sent few enough wrong codes lately. Right ones are never refused, whatever others there send."""
    return rate_limits.count(WRONG_CODES, network)


def is_first(name: str) -> bool:
    """Whether nobody else is at it: saves double mails, and nothing worse would come of a mistake."""
    return cache.add(f"feedback:{name}", 1, CLAIM_SECONDS)


def release(name: str) -> None:
    cache.delete(f"feedback:{name}")
