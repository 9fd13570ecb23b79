from __future__ import annotations

from typing import TYPE_CHECKING

from project.web import rate_limits
from project.web.rate_limits import Limit

if TYPE_CHECKING:
    from project.accounts.models import User

# Of one address; a telephone, a laptop and two calendar services ask for six or so in that time.
FETCHES = Limit(name="feed", most=60, seconds=600)


def may_fetch(person: User) -> bool:
    """Whether the address of this person was asked for few enough times lately (specs/calendar.md R56)."""
    return rate_limits.count(FETCHES, f"{person.pk} {person.feed_generation}")
