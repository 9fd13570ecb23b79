"""How long browsers and caches may keep a response: not at all, unless the view says otherwise (specs/privacy.md 3)."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.utils.cache import patch_cache_control, patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class NoStoreMiddleware:
    """Marks each response without a `Cache-Control` of its own as `private, no-store`, including error pages and
    redirects.

    It is outside of everything that makes pages, so that new pages are safe by default.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


def kept_by_visitors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates the view of a public page: browsers of visitors who are signed out may keep it, and revalidate it each
    time. Shared caches may not keep it.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        if not request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return answer
