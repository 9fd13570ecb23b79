"""Who is at the other end, where proxies stand between: only what a proxy of ours says about that is believed (`TRUSTED_PROXIES`)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from project.deployment.production import Network, networks_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


class ProxyMiddleware:
    """Makes `REMOTE_ADDR` the address of the visitor, and takes away what nobody we trust has said. Stands before everything that reads either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sender, trusted = _parsed(request.META.get("REMOTE_ADDR", "")), networks_of(tuple(settings.TRUSTED_PROXIES))
        if sender is None or not _is_in(sender, trusted):
            for header in FORWARDED:
                request.META.pop(header, None)
            return self.get_response(request)
        request.META["REMOTE_ADDR"] = str(_visitor(sender, request.META.get("HTTP_X_FORWARDED_FOR", ""), trusted))
        if "HTTP_X_FORWARDED_PROTO" in request.META:  # the last word is that of the proxy itself
            request.META["HTTP_X_FORWARDED_PROTO"] = request.META["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip()
        return self.get_response(request)


def _visitor(sender: Address, forwarded: str, trusted: Iterable[Network]) -> Address:
    """The first from the right that is no proxy of ours: whatever stands further left, anybody may have written."""
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
    """Also with a port, as some proxies write it, and an IPv4 address in the clothes of IPv6."""
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
