from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from project.accounts.models import User

MOST_FETCHES = 60  # of one address; a telephone, a laptop and two calendar services ask for six or so in that time
WINDOW_SECONDS = 600


def may_fetch(person: User) -> bool:
    """Whether the address of this person was asked for few enough times lately (specs/calendar.md R56). Without Redis everybody may."""
    counter = f"feed:asked:{person.pk}:{person.feed_generation}"
    try:
        cache.add(counter, 0, WINDOW_SECONDS)
        return bool(cache.incr(counter) <= MOST_FETCHES)
    except (RedisError, ValueError):  # ValueError: it ran out between the two steps
        return True
