"""Limits how often a sign-in code may be guessed.

allauth counts in the session, where guesses sent at the same moment overwrite each other's count; this uses the cache.

A code has eight digits. One network may make as many guesses at the codes of one address as the ten mails allow that
we send there in a quarter of an hour, so it finds a code with a chance of one in two million.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache

from project.accounts.services.sign_ins import OF_MAILBOX
from project.web import rate_limits
from project.web.rate_limits import Limit

OF_NETWORK_FOR_ADDRESS = Limit(
    name="guesses-network-address",
    most=OF_MAILBOX.most * settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS,
    seconds=OF_MAILBOX.seconds,
)


def count(mailed: str, *, address: str, network: str) -> bool:
    """Counts one guess and returns whether it may be compared at all. `mailed` identifies the request for the code."""
    in_network = rate_limits.count(OF_NETWORK_FOR_ADDRESS, f"{network} {address}")
    return _count_for_request(mailed) and in_network


def _count_for_request(mailed: str) -> bool:
    counter = f"code:guesses:{mailed}"
    cache.add(counter, 0, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    try:
        return bool(cache.incr(counter) <= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)
    except ValueError:  # the counter expired between the two steps, and with it the code
        return False
