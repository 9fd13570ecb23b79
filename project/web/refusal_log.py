"""Logs refused requests: the kind of refusal and the page; never the person, the network or the object
(specs/privacy.md 2.4).
"""

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


class RefusalLogMiddleware:
    """Logs a page by its name in the URL configuration, because addresses contain keys and tokens.

    Skips addresses that lead to no page: most are requests of scanners.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kind = KINDS.get(response.status_code)
        if kind and request.resolver_match:
            log.warning(kind, page=request.resolver_match.view_name, method=request.method)
        return response
