"""How often something may be asked in a while, counted in the cache and forgotten with it.

A limit is for whoever asks: a person, a browser, a network. Behind one network there may be a whole university, so its limits are wide.
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
LECTURE_HALL = 300  # people behind one address who all ask within a minute
IPV6_PREFIX = 64  # what one household or one device is given


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many times in so many seconds, counted from the round moments of the clock."""

    name: str
    most: int
    seconds: int

    def retry_after(self) -> int:
        """Seconds until counting begins anew."""
        return self.seconds - int(time.time()) % self.seconds


def count(limit: Limit, who: str) -> bool:
    """Counts one more, also beyond the limit; says whether it is still within it."""
    counter = _counter(limit, who)
    for _attempt in range(2):
        cache.add(counter, 0, limit.seconds)
        try:
            counted = cache.incr(counter)
        except ValueError:  # it ran out between the two steps
            continue
        if counted == limit.most + 1:
            log.warning("limit_reached", limit=limit.name)
        return bool(counted <= limit.most)
    return True


def network_of(address: str) -> str:
    """What is counted as one network: an address, of IPv6 its first half."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    if mapped or isinstance(parsed, ipaddress.IPv4Address):
        return str(mapped or parsed)
    return str(ipaddress.ip_network(f"{parsed}/{IPV6_PREFIX}", strict=False))


def digest_of(*parts: str) -> str:
    """Stands for an address of a network or of a mailbox: hashed under a salt that is forgotten after a day, so that afterwards not even we
    can undo it.
    """
    salt = cache.get_or_set("limit:salt", lambda: secrets.token_hex(16), DAY_SECONDS)
    return hmac.new(str(salt).encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _counter(limit: Limit, who: str) -> str:
    return f"limit:{limit.name}:{int(time.time()) // limit.seconds}:{digest_of(who)}"
