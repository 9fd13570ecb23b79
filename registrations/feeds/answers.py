"""The HTTP responses of feeds (specs/calendar.md R55, R56, R59). Nothing here reads who is signed in, so responses do
not vary by cookie.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from project.web.failover_cache import breaker
from registrations.feeds.stamps import Stamp, digest_of

if TYPE_CHECKING:
    from django.http import HttpRequest

CALENDAR = "text/calendar; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
KEPT_SECONDS = 3600
PUBLIC = {"Cache-Control": "public, max-age=300"}
PERSONAL = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a response is made from. `make` returns the bytes; it is called only if neither the stamp nor the cache will
    do.
    """

    stamp: Stamp
    make: Callable[[], bytes]
    content_type: str = CALENDAR
    file_name: str = "samen.ics"
    language: str = "en"
    headers: Mapping[str, str] = field(default_factory=lambda: PUBLIC)


def answer(request: HttpRequest, source: Source) -> HttpResponse:
    """An entity tag consists of the hash of the bytes and the stamp they were made under, so that either one tells that
    nothing changed: the stamp without making the bytes, the hash if the stamp changed because of something that the
    feed does not show.
    """
    known = _known_tags(request)
    is_fresh = "*" in known or _is_fresh(request, source.stamp)
    if tag := next((tag for tag in known if tag.endswith(f"-{source.stamp.digest}")), ""):
        return _unchanged(source, tag)
    content = _content(source)
    digest = digest_of(content)
    tag = f"{digest}-{source.stamp.digest}"
    if is_fresh or any(known_tag.startswith(f"{digest}-") for known_tag in known):
        return _unchanged(source, tag)
    response = _with_headers(HttpResponse(content, content_type=source.content_type), source, tag)
    response["Content-Disposition"] = f'inline; filename="{source.file_name}"'
    return response


def missing() -> HttpResponse:
    """The same response for a feed that never existed and for a secret that is wrong, old or somebody else's (R51)."""
    return HttpResponse("There is no such feed.\n", PLAIN, HTTPStatus.NOT_FOUND, headers=PERSONAL)


def too_often(seconds: int) -> HttpResponse:
    headers = {**PERSONAL, "Retry-After": str(seconds)}
    return HttpResponse("Please ask less often.\n", PLAIN, HTTPStatus.TOO_MANY_REQUESTS, headers=headers)


def _known_tags(request: HttpRequest) -> list[str]:
    """Without quotes, and including weak tags: proxies that compress a response weaken its tag."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return [tag.removeprefix("W/").strip('"') for tag in tags]


def _is_fresh(request: HttpRequest, stamp: Stamp) -> bool:
    """Returns whether a client that sends only a date has seen the last change; a tag, if sent, takes precedence."""
    seen = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return "If-None-Match" not in request.headers and seen is not None and int(stamp.changed_at.timestamp()) <= seen


def _content(source: Source) -> bytes:
    """Cached for an hour under the stamp, so that nobody gets outdated content; without Redis it is made each time."""
    name = f"feed:{source.stamp.digest}"
    kept: bytes | None = cache.get(name)
    if kept is None:
        kept = source.make()
        if not breaker().is_away:  # it is too large for the table that replaces Redis
            cache.set(name, kept, KEPT_SECONDS)
    return kept


def _unchanged(source: Source, tag: str) -> HttpResponse:
    return _with_headers(HttpResponseNotModified(), source, tag)


def _with_headers(response: HttpResponse, source: Source, tag: str) -> HttpResponse:
    response["ETag"] = f'"{tag}"'  # also on a 304 (RFC 9110 15.4.5)
    response["Last-Modified"] = http_date(source.stamp.changed_at.timestamp())
    response["Content-Language"] = source.language
    for header, value in source.headers.items():
        response[header] = value
    return response
