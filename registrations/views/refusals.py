from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render

from events.services.refusals import UnableToChange
from registrations.services.refusals import UnableToRegister
from registrations.views.people import page_before
from registrations.views.stale import ask_again, may_ask_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class RefusalMiddleware:
    """Turns the refusals of verbs into one calm page that says what can be done, so that no view needs to catch them.
    Nothing else is caught: a missing row that nobody asked for is a bug of ours, so it is logged and answered with 500.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return ask_again(request) if _lost_to_signing_in(request, response) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, UnableToRegister) and exception.code == "not-published":
            return render(request, "404.html", status=HTTPStatus.NOT_FOUND)
        if isinstance(exception, UnableToRegister | UnableToChange):
            context = {"text": exception.text, "code": exception.code, "page_before": page_before(request)}
            return render(request, "registrations/refused.html", context, status=HTTPStatus.CONFLICT)
        return None


def _lost_to_signing_in(request: HttpRequest, response: HttpResponse) -> bool:
    """`login_required` would drop the submitted form and then return to a URL that only accepts forms."""
    if response.status_code != HTTPStatus.FOUND or not may_ask_again(request):
        return False
    return response["Location"] == redirect_to_login(request.get_full_path()).url
