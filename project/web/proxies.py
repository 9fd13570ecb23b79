"""The address of the visitor behind proxies. Forwarding headers are believed only if a proxy in `TRUSTED_PROXIES` sent
them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from project.deployment.production import Network, networks_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


class ProxyMiddleware:
    """Sets `REMOTE_ADDR` to the address of the visitor, and removes forwarding headers that no trusted proxy sent. Must
    be the first middleware, before everything that reads either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sender, trusted = _parsed(request.META.get("REMOTE_ADDR", "")), networks_of(tuple(settings.TRUSTED_PROXIES))
        if sender is None or not _is_in(sender, trusted):
            for header in FORWARDED:
                request.META.pop(header, None)
            return self.get_response(request)
        request.META["REMOTE_ADDR"] = str(_visitor(sender, request.META.get("HTTP_X_FORWARDED_FOR", ""), trusted))
        if "HTTP_X_FORWARDED_PROTO" in request.META:  # the last value is the one that the proxy itself added
            request.META["HTTP_X_FORWARDED_PROTO"] = request.META["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip()
        return self.get_response(request)


def _visitor(sender: Address, forwarded: str, trusted: Iterable[Network]) -> Address:
    """Returns the rightmost address that is no trusted proxy. Anybody may have written what is further left."""
    found = sender
    for name in reversed(forwarded.split(",")):
        address = _parsed(name)
        if address is None:
            return found
        found = address
        if not _is_in(address, trusted):
            return found
    return found


def _parsed(name: str) -> Address | None:
    """Parses an address, also with a port, as some proxies write it. An IPv4-mapped IPv6 address becomes IPv4."""
    name = name.strip()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
