"""Limits how often something may be requested in a period, counted in the cache.

A limit is per person, browser or network. A whole university may be behind one network, so limits of networks are wide.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from dataclasses import dataclass

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)

DAY_SECONDS = 86_400
LECTURE_HALL = 300  # requests within a minute from one address: a hall full of people
IPV6_PREFIX = 64  # bits: the network that one household or one device is given


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` times in each period of `seconds`. Periods begin at multiples of `seconds` since 1970."""

    name: str
    most: int
    seconds: int

    def retry_after(self) -> int:
        """Returns the seconds until the next period."""
        return self.seconds - int(time.time()) % self.seconds


def count(limit: Limit, who: str) -> bool:
    """Counts one more request, also beyond the limit. Returns whether it is within the limit."""
    counter = _counter(limit, who)
    for _attempt in range(2):
        cache.add(counter, 0, limit.seconds)
        try:
            counted = cache.incr(counter)
        except ValueError:  # the counter expired between the two steps
            continue
        if counted == limit.most + 1:
            log.warning("limit_reached", limit=limit.name)
        return bool(counted <= limit.most)
    return True


def network_of(address: str) -> str:
    """Returns what is counted as one network: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    if mapped or isinstance(parsed, ipaddress.IPv4Address):
        return str(mapped or parsed)
    return str(ipaddress.ip_network(f"{parsed}/{IPV6_PREFIX}", strict=False))


def digest_of(*parts: str) -> str:
    """Returns a pseudonym for addresses: an HMAC with a salt that is dropped after a day; after that, not even we can
    reverse it.
    """
    salt = cache.get_or_set("limit:salt", lambda: secrets.token_hex(16), DAY_SECONDS)
    return hmac.new(str(salt).encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _counter(limit: Limit, who: str) -> str:
    return f"limit:{limit.name}:{int(time.time()) // limit.seconds}:{digest_of(who)}"
