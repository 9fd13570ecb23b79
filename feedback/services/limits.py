"""Counters that live in Redis and die there. Without Redis everything goes on: 130 bits cannot be guessed, and no verb relies on these."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from datetime import datetime

log = structlog.get_logger(__name__)

WRONG_CODES = 100  # of one address, which may be the whole campus
WINDOW_SECONDS = 600
DAY_SECONDS = 86_400
CLAIM_SECONDS = 540  # less than the pause between two runs of the scheduler


def may_try(*, address: str, now: datetime) -> bool:
    """Whether a network address has sent few enough wrong codes lately."""
    try:
        return bool(cache.get(_counter(address, now), 0) < WRONG_CODES)
    except RedisError:
        return True


def count_wrong_code(*, address: str, now: datetime) -> None:
    try:
        counter = _counter(address, now)
        cache.add(counter, 0, WINDOW_SECONDS)
        cache.incr(counter)
    except (RedisError, ValueError):  # ValueError: it ran out between the two steps
        log.warning("limits_unreachable")


def is_first(name: str) -> bool:
    """Whether nobody else is at it: saves double mails, and nothing worse would come of a mistake."""
    try:
        return bool(cache.add(f"feedback:{name}", 1, CLAIM_SECONDS))
    except RedisError:
        return True


def release(name: str) -> None:
    try:
        cache.delete(f"feedback:{name}")
    except RedisError:
        log.warning("limits_unreachable")


def _counter(address: str, now: datetime) -> str:
    """The address is kept as a hash under a salt that is forgotten after a day, and nowhere else: afterwards not even we can undo it."""
    salt = cache.get_or_set(f"feedback:salt:{now:%Y-%m-%d}", lambda: secrets.token_hex(16), DAY_SECONDS)
    return "feedback:wrong:" + hmac.new(str(salt).encode(), address.encode(), hashlib.sha256).hexdigest()
