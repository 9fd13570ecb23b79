from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema

from project.accounts.models import User
from project.api import documentation
from project.api.problems import problem
from registrations.schemas.problems import Problem

SECONDS_KEPT = 30

View = Callable[..., HttpResponseBase]


class Interface(NinjaAPI):
    """A ninja API that answers every path below its root, with a reference that needs no scripts and no other site."""

    def __init__(self, **options: Any) -> None:
        super().__init__(openapi_url=None, docs_url=None, **options)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        operations, app_name, namespace = super().urls
        ours = [
            path("", require_safe(self._root)),
            path("openapi.json", require_safe(self._openapi), name="openapi"),
            path("docs", require_safe(self._docs), name="docs"),
            *operations,
            path("<path:anything>", self._nothing),
        ]
        for pattern in ours:
            if isinstance(pattern, URLPattern):
                pattern.callback = _complete(pattern.callback)
        return ours, app_name, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        problem_details = Problem.model_json_schema(ref_template=REF_TEMPLATE)
        schema["components"]["schemas"] |= problem_details.pop("$defs") | {"Problem": problem_details}
        used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schema)))
        for name in schema["components"]["schemas"].keys() - used:
            del schema["components"]["schemas"][name]  # lists of parameters, which ninja adds to the objects
        for operation in documentation.operations_of(schema):
            for parameter in operation["parameters"]:
                parameter["schema"] = _without_null(parameter["schema"])
        return schema

    def _root(self, request: HttpRequest) -> HttpResponse:
        return redirect("api:docs")

    def _openapi(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(self.get_openapi_schema())

    def _docs(self, request: HttpRequest) -> HttpResponse:
        return documentation.page(request, self.get_openapi_schema())

    def _nothing(self, request: HttpRequest, anything: str) -> HttpResponse:
        raise Http404


def _complete(view: View) -> View:
    """Adds to a view: HEAD wherever there is GET (RFC 9110 section 9.1), a problem for a wrong method, and
    `Cache-Control`.

    Django's CSRF check is off, as in ninja itself: `BrowserSession` does the check and answers with a problem instead
    of a page.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method, request.method = request.method, "GET" if request.method == "HEAD" else request.method
        response = view(request, *args, **kwargs)
        request.method = method
        if isinstance(response, HttpResponseNotAllowed):
            return problem("method-not-allowed", headers={"Allow": response["Allow"]})
        if not response.has_header("Cache-Control"):
            _limit_keeping(request, response)
        return response

    return answer


def _limit_keeping(request: HttpRequest, response: HttpResponseBase) -> None:
    """Sets `Cache-Control`: JSON for visitors who are signed out may be kept for `SECONDS_KEPT`; everything else never,
    since it is personal or a page with a form.
    """
    is_for_everybody = not isinstance(request.user, User) and response["Content-Type"].startswith("application/json")
    if is_for_everybody:
        patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    else:
        patch_cache_control(response, private=True, no_store=True)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Removes "or null" from the schema of a parameter: a value in a URL can be left out, but never be null."""
    alternatives: list[dict[str, Any]] = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(alternatives) != 1:
        return schema
    return alternatives[0] | {name: value for name, value in schema.items() if name != "anyOf"}
