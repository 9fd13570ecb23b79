"""What the server refuses to start with when `DEMO` is off. Called by the settings."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SHORTEST_SECRET = 50  # characters, as `check --deploy` wants it
LEAST_SUBSTANCE = 32  # bytes that must remain of a secret after compression


def refusals(settings: Mapping[str, Any]) -> list[str]:
    """Returns why the server must not start with these settings (all of them, by name), in words for operators."""
    found = {
        "SECRET_KEY must be set": settings["SECRET_KEY"] == settings["DEMO_SECRET"],
        f"SECRET_KEY must be random and have at least {SHORTEST_SECRET} characters, for example from "
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"': is_weak(settings["SECRET_KEY"]),
        "each of SECRET_KEY_FALLBACKS must be as good as a SECRET_KEY": any(
            is_weak(former) or former == settings["DEMO_SECRET"] for former in settings["SECRET_KEY_FALLBACKS"]
        ),
        "BASE_URL must begin with https://, unless it is on this machine": not is_safe_address(settings["BASE_URL"]),
        "TRUSTED_PROXIES must be networks, separated by commas, such as 127.0.0.1,10.2.0.0/16": not are_networks(
            settings["TRUSTED_PROXIES"]
        ),
        "DATABASE_URL must name PostgreSQL (or set ALLOW_SQLITE=1)": settings["IS_SQLITE"]
        and not settings["MAY_USE_SQLITE"],
        "ICAL_INITIAL_PARTSTAT must be NEEDS-ACTION or ACCEPTED": settings["ICAL_INITIAL_PARTSTAT"]
        not in {"NEEDS-ACTION", "ACCEPTED"},
        "ICAL_CLASS must be PUBLIC or PRIVATE": settings["ICAL_CLASS"] not in {"PUBLIC", "PRIVATE"},
        "ON_DECLINE must be release, ask or ignore": settings["ON_DECLINE"] not in {"release", "ask", "ignore"},
        "EMAIL_URL must be smtp:// or file://, which carry calendar parts": not settings["EMAIL_BACKEND"].endswith(
            ("smtp.EmailBackend", "EmlFileBackend")
        ),
    }
    return [text for text, is_so in found.items() if is_so]


def are_networks(names: Iterable[str]) -> bool:
    try:
        networks_of(tuple(names))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=8)
def networks_of(names: tuple[str, ...]) -> tuple[Network, ...]:
    """Parses networks; an address is a network of one. Skips empty names. Raises `ValueError` for anything else."""
    return tuple(ipaddress.ip_network(name.strip(), strict=False) for name in names if name.strip())


def is_weak(secret: str) -> bool:
    """Returns whether a secret is too short, repeats itself, runs through the alphabet, or is a placeholder
    (`django-insecure-`).
    """
    if len(secret) < SHORTEST_SECRET or secret.startswith("django-insecure-"):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    runs = sum(step in {-1, 0, 1} for step in steps)
    packed = zlib.compressobj(level=9, wbits=-15)
    substance = len(packed.compress(secret.encode()) + packed.flush())
    return substance < LEAST_SUBSTANCE or runs > len(secret) // 2


def is_safe_address(address: str) -> bool:
    """Returns whether an address uses HTTPS, or HTTP on this machine only."""
    where = urlsplit(address)
    name = where.hostname or ""
    if where.scheme == "https":
        return bool(name)
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761 6.3
        return where.scheme == "http"
    try:
        return where.scheme == "http" and ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
