"""Every refusal of the API as a problem (RFC 9457), including requests that reach no operation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from registrations.schemas.problems import MEDIA_TYPE, InvalidField, Problem
from registrations.services.refusals import REFUSALS, UnableToRegister

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise
    from ninja import NinjaAPI

ROOT = "/api/"
BLANK_OFFSET = re.compile(r"\d [01]\d:?[0-5]\d$")  # 10:00:00 01:00, which was 10:00:00+01:00

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Kind:
    """One kind of problem; `advice` says what to do."""

    status: HTTPStatus
    title: _StrPromise
    advice: _StrPromise


GENERAL = {
    "bad-request": Kind(
        HTTPStatus.BAD_REQUEST, _("This cannot be read"), _("Send a well-formed request; a body must be JSON in UTF-8.")
    ),
    "signed-out": Kind(HTTPStatus.UNAUTHORIZED, _("You are not signed in"), _("Sign in first.")),
    "csrf-failed": Kind(
        HTTPStatus.FORBIDDEN,
        _("It is not certain that this was you"),
        _("Send the token of a form of this site in the header X-CSRFToken."),
    ),
    "not-found": Kind(
        HTTPStatus.NOT_FOUND, _("There is nothing here"), _("The address may be old, or it is not for everybody.")
    ),
    "method-not-allowed": Kind(
        HTTPStatus.METHOD_NOT_ALLOWED, _("This cannot be done here"), _("The header Allow says what can be done.")
    ),
    "invalid": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("A value cannot be used"), _("Look at “errors” and send other values.")
    ),
    "unexpected": Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side"),
        _("Nothing was changed. Try again in a moment."),
    ),
}
REFUSED = _("This is not possible now")
# A hidden session does not exist for people who may not know of it: that refusal is a `not-found`.
KINDS = {
    code: Kind(HTTPStatus.CONFLICT, REFUSED, text) for code, text in REFUSALS.items() if code != "not-published"
} | GENERAL
CODES = {AuthenticationError: "signed-out", Http404: "not-found"}
CODES_BY_STATUS: dict[int, str] = {kind.status: code for code, kind in GENERAL.items()}


def problem(
    code: str,
    *,
    status: int | None = None,
    errors: list[InvalidField] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Builds the response for a problem. `status` overrides the usual one of its kind."""
    kind = KINDS[code]
    status = status or kind.status
    content = Problem(
        type=f"{settings.BASE_URL}{ROOT}v1/docs#{code}",
        title=str(kind.title),
        status=status,
        detail=str(kind.advice),
        code=code,
        errors=errors,
    )
    headers = {"Cache-Control": "no-store"} | (headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Cookie realm="Samen"'  # RFC 9110 section 11.6.1 requires one
    return JsonResponse(content.model_dump(exclude_none=True), status=status, content_type=MEDIA_TYPE, headers=headers)


def answer_with_problems(api: NinjaAPI) -> None:
    """Registers our handlers. Django logs every other exception and answers with `page_or_problem`.

    That includes `DoesNotExist` inside a verb: only what the URL names can be "not found", and operations raise
    `Http404` for that themselves.
    """
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(UnableToRegister, _refused)
    api.add_exception_handler(HttpError, _failed)
    for kind, code in CODES.items():
        api.add_exception_handler(kind, _always(code))


def page_or_problem(page: Callable[..., HttpResponse], code: str) -> Callable[..., HttpResponse]:
    """Returns an error handler for the URL configuration: the API gets a problem, everybody else the page."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return problem(code) if request.path_info.startswith(ROOT) else page(request, *args, **kwargs)

    return answer


def _always(code: str) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        return problem(code)

    return answer


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    code = cast("UnableToRegister", error).code
    return problem(code if code in KINDS else "not-found")


def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    """Handles ninja's `HttpError`: keeps its status, even one that none of our kinds has; the kind is then `unexpected`
    (5xx) or `bad-request`.
    """
    status = cast("HttpError", error).status_code
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if is_ours:
        log.error("api_failed", status=status, exc_info=error)
    return problem(CODES_BY_STATUS.get(status, "unexpected" if is_ours else "bad-request"), status=status)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Names the fields that are wrong, never their values: a response may end up in a log."""
    wrong = cast("ValidationError", error).errors
    return problem("invalid", errors=[_field(request, one) for one in wrong])


def _field(request: HttpRequest, wrong: dict[str, Any]) -> InvalidField:
    location, *names = (str(part) for part in wrong["loc"])
    detail = str(wrong["msg"])
    if location == "query" and any(BLANK_OFFSET.search(request.GET.get(name, "")) for name in names):
        detail += ". A + in an address arrives as a blank: write %2B"
    return InvalidField(location=location, name=".".join(names), detail=detail)
