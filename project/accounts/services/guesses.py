"""How often a sign-in code may be guessed. The original counts in the session, where guesses sent at the same moment overwrite each other."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache


def count(mailed: str) -> bool:
    """Counts one more guess, and says whether it may be compared at all. `mailed` tells one request for a code from every other."""
    counter = f"code:guesses:{mailed}"
    cache.add(counter, 0, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    try:
        return bool(cache.incr(counter) <= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)
    except ValueError:  # it ran out between the two steps, and so did the code
        return False
