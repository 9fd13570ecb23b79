"""Limits how often a sign-in code may be guessed.

allauth counts in the session, where guesses sent at the same moment overwrite each other's count; this uses the cache.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache


def count(mailed: str) -> bool:
    """Counts one guess and returns whether it may be compared at all. `mailed` identifies the request for the code."""
    counter = f"code:guesses:{mailed}"
    cache.add(counter, 0, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    try:
        return bool(cache.incr(counter) <= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)
    except ValueError:  # the counter expired between the two steps, and with it the code
        return False
