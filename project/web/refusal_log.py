"""What was refused leaves a line in the log: which kind, at which page; never who asked, from where, or for what (specs/privacy.md 2.4)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)

KINDS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "sign_in_refused",
    HTTPStatus.FORBIDDEN: "access_refused",
    HTTPStatus.NOT_FOUND: "nothing_there",
    HTTPStatus.TOO_MANY_REQUESTS: "limit_reached",
}


class TrailMiddleware:
    """Names the page by its name in the URL configuration, because an address holds keys and tokens.

    An address that leads to no page at all says nothing about anybody here, and is left out: the web is full of scanners.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kind = KINDS.get(response.status_code)
        if kind and request.resolver_match:
            log.warning(kind, page=request.resolver_match.view_name, method=request.method)
        return response
