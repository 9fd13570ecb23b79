from __future__ import annotations

from typing import TYPE_CHECKING

from project.web import rate_limits
from project.web.rate_limits import Limit

if TYPE_CHECKING:
    from project.accounts.models import User

# Per feed URL; a phone, a laptop and two calendar services fetch it about six times in that period.
FETCHES = Limit(name="feed", most=60, seconds=600)


def may_fetch(person: User) -> bool:
    """Returns whether the feed URL of this person was fetched rarely enough lately (specs/calendar.md R56)."""
    return rate_limits.count(FETCHES, f"{person.pk} {person.feed_generation}")
