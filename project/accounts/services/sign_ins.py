"""Limits how often sign-in codes may be requested.

Nobody can be locked out by the requests of others: limits are per browser and per network. An address that has had many
mails gets no new code; the code of the latest mail then works in every browser that asked for one.
"""

from __future__ import annotations

from django.core.cache import cache

from project.web import rate_limits
from project.web.rate_limits import LECTURE_HALL, Limit

CODE_SECONDS = 15 * 60  # as `ACCOUNT_LOGIN_BY_CODE_TIMEOUT`
OF_BROWSER_FOR_ADDRESS = Limit(name="code-browser-address", most=3, seconds=300)
OF_BROWSER = Limit(name="code-browser", most=30, seconds=60)  # a browser that many share, as at an information desk
OF_NETWORK = Limit(name="code-network", most=LECTURE_HALL, seconds=60)
OF_MAILBOX = Limit(name="code-mailbox", most=10, seconds=CODE_SECONDS)


def limit_reached(*, address: str, browser: str, network: str) -> Limit | None:
    """Counts a request for a code and returns the limit it exceeds, if any. `browser` is empty if the request names
    none.
    """
    asked = [
        (OF_BROWSER_FOR_ADDRESS, f"{browser} {address}" if browser else ""),
        (OF_BROWSER, browser),
        (OF_NETWORK, network),
    ]
    return next((limit for limit, who in asked if who and not rate_limits.count(limit, who)), None)


def code_to_use_again(address: str) -> str:
    """Counts a mail to an address. Returns "" if a new code may be mailed; beyond the limit, returns the code mailed
    last, which is used again without another mail.
    """
    if rate_limits.count(OF_MAILBOX, address):
        return ""
    code: str = cache.get(_latest(address), "")
    return code


def remember_code(address: str, code: str) -> None:
    cache.set(_latest(address), code, CODE_SECONDS)


def spend_code(address: str) -> None:
    """Invalidates the latest code after somebody signed in with it, in every browser that may be waiting for it."""
    if code := cache.get(_latest(address)):
        cache.set(_spent(address, code), 1, CODE_SECONDS)
        cache.delete(_latest(address))


def is_spent(address: str, code: str) -> bool:
    return bool(cache.get(_spent(address, code)))


def _latest(address: str) -> str:
    return f"code:latest:{rate_limits.digest_of(address.lower())}"


def _spent(address: str, code: str) -> str:
    return f"code:spent:{rate_limits.digest_of(address.lower(), code)}"
