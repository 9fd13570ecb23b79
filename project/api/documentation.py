"""The API reference as a page of our own: Swagger UI and Redoc need inline scripts, which our Content-Security-Policy
forbids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.html import format_html, format_html_join

from project.api.problems import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

Schema = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "maxItems": "at most {}",
    "maxProperties": "at most {}",
    "maxLength": "at most {} signs",
    "pattern": "like {}",
    "default": "{} if left out",
}


@dataclass(frozen=True)
class Value:
    """A parameter, or a field of an object."""

    name: str
    kind: str
    shape: str | None
    is_required: bool
    meaning: SafeString


@dataclass(frozen=True)
class Answer:
    status: int
    meaning: SafeString
    shape: str | None


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    group: str
    summary: str
    paragraphs: list[SafeString]
    needs_sign_in: bool
    parameters: list[Value]
    bodies: list[str]  # the names of the objects that the body may be
    answers: list[Answer]


@dataclass(frozen=True)
class Shape:
    name: str
    meaning: SafeString
    fields: list[Value]
    choices: list[str]


def page(request: HttpRequest, schema: Schema) -> HttpResponse:
    shapes = schema["components"]["schemas"]
    context = {
        "introduction": _paragraphs(schema["info"]["description"]),
        "operations": [_operation(path, method, operation) for path, method, operation in _walk(schema)],
        "problems": KINDS,
        "shapes": [_shape(name, shapes[name]) for name in sorted(shapes)],
    }
    return render(request, "api/docs.html", context)


def operations_of(schema: Schema) -> list[Schema]:
    return [operation for _, _, operation in _walk(schema)]


def _walk(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _operation(path: str, method: str, operation: Schema) -> Operation:
    parameters, responses = operation["parameters"], operation["responses"]
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        group=operation["tags"][0],
        summary=operation["summary"],
        paragraphs=_paragraphs(operation["description"]),
        needs_sign_in="security" in operation,
        parameters=[_value(one["name"], one["schema"], is_required=one["required"]) for one in parameters],
        bodies=_bodies(operation),
        answers=[_answer(int(status), response) for status, response in sorted(responses.items())],
    )


def _bodies(operation: Schema) -> list[str]:
    contents = operation.get("requestBody", {}).get("content", {}).values()
    schemas = [one for content in contents for one in content["schema"].get("anyOf", [content["schema"]])]
    return [name for name in map(_shape_named, schemas) if name]


def _answer(status: int, response: Schema) -> Answer:
    contents = list(response.get("content", {}).values())
    return Answer(status, _prose(response["description"]), _shape_named(contents[0]["schema"]) if contents else None)


def _shape(name: str, schema: Schema) -> Shape:
    required = schema.get("required", [])
    fields = [_value(name, field, is_required=name in required) for name, field in schema.get("properties", {}).items()]
    return Shape(name, _prose(schema.get("description", "")), fields, schema.get("enum", []))


def _value(name: str, schema: Schema, *, is_required: bool) -> Value:
    limits = [words.format(schema[limit]) for limit, words in LIMITS.items() if schema.get(limit) is not None]
    kind = ", ".join([_kind(schema), *limits])
    return Value(name, kind, _shape_named(schema), is_required, _prose(schema.get("description", "")))


def _kind(schema: Schema) -> str:
    """Describes a value in a few words: "integer", "date-time or null", "list of SessionFacts"."""
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " or ".join(schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _shape_named(schema: Schema) -> str | None:
    """Returns the name of the object that a value is, or is a list of; the page links to it."""
    for one in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
        if "$ref" in one:
            return str(one["$ref"]).rsplit("/", 1)[-1]
    return None


def _paragraphs(text: str) -> list[SafeString]:
    return [_prose(paragraph) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]


def _prose(text: str) -> SafeString:
    """Escapes a text and marks words between backticks as code."""
    parts = re.split(r"`([^`]*)`", text)
    words = [format_html("<code>{}</code>", part) if place % 2 else part for place, part in enumerate(parts)]
    return format_html_join("", "{}", ((word,) for word in words))
