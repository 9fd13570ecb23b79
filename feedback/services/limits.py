"""Counters and leases that expire by themselves. Security does not depend on them: codes have 130 random bits."""

from __future__ import annotations

from django.core.cache import cache

from project.web import rate_limits
from project.web.rate_limits import LECTURE_HALL, Limit

WRONG_CODES = Limit(name="feedback-wrong", most=LECTURE_HALL, seconds=60)
LEASE_SECONDS = 540  # less than the pause between two runs of the scheduler


def count_wrong_code(*, network: str) -> bool:
    """Returns whether this network is still below the limit of wrong codes. Valid codes are never limited."""
    return rate_limits.count(WRONG_CODES, network)


def take_lease(name: str) -> bool:
    """Returns whether no other worker is busy with this. Only avoids useless mails: a mistake does no other harm."""
    return cache.add(f"feedback:{name}", 1, LEASE_SECONDS)


def end_lease(name: str) -> None:
    cache.delete(f"feedback:{name}")
