"""The reference of the API as a page of our own: the usual ones need inline scripts, which our policy forbids."""

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
    bodies: list[str]  # the objects of which a body is one
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
        "operations": [_operation(path, method, said) for path, method, said in _walk(schema)],
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


def _operation(path: str, method: str, said: Schema) -> Operation:
    return Operation(
        name=said["operationId"],
        method=method.upper(),
        path=path,
        group=said["tags"][0],
        summary=said["summary"],
        paragraphs=_paragraphs(said["description"]),
        needs_sign_in="security" in said,
        parameters=[_value(one["name"], one["schema"], is_required=one["required"]) for one in said["parameters"]],
        bodies=_bodies(said),
        answers=[_answer(int(status), answer) for status, answer in sorted(said["responses"].items())],
    )


def _bodies(said: Schema) -> list[str]:
    contents = said.get("requestBody", {}).get("content", {}).values()
    shapes = [one for content in contents for one in content["schema"].get("anyOf", [content["schema"]])]
    return [name for name in map(_shape_named, shapes) if name]


def _answer(status: int, said: Schema) -> Answer:
    contents = list(said.get("content", {}).values())
    return Answer(status, _prose(said["description"]), _shape_named(contents[0]["schema"]) if contents else None)


def _shape(name: str, said: Schema) -> Shape:
    required = said.get("required", [])
    fields = [_value(name, field, is_required=name in required) for name, field in said.get("properties", {}).items()]
    return Shape(name, _prose(said.get("description", "")), fields, said.get("enum", []))


def _value(name: str, said: Schema, *, is_required: bool) -> Value:
    limits = [words.format(said[limit]) for limit, words in LIMITS.items() if said.get(limit) is not None]
    kind = ", ".join([_kind(said), *limits])
    return Value(name, kind, _shape_named(said), is_required, _prose(said.get("description", "")))


def _kind(said: Schema) -> str:
    """What a value is, in a few words: "integer", "date-time or null", "list of SessionFacts"."""
    if "anyOf" in said:
        return " or ".join(_kind(one) for one in said["anyOf"])
    if "$ref" in said:
        return str(said["$ref"]).rsplit("/", 1)[-1]
    if "enum" in said:
        return " or ".join(said["enum"])
    if said.get("type") == "array":
        return f"list of {_kind(said['items'])}"
    return str(said.get("format") or said.get("type") or "anything")


def _shape_named(said: Schema) -> str | None:
    """The object that a value is, or is a list of; the page links to it."""
    for one in (said, said.get("items", {}), *said.get("anyOf", [])):
        if "$ref" in one:
            return str(one["$ref"]).rsplit("/", 1)[-1]
    return None


def _paragraphs(text: str) -> list[SafeString]:
    return [_prose(paragraph) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]


def _prose(text: str) -> SafeString:
    """Words between backticks are code."""
    parts = re.split(r"`([^`]*)`", text)
    words = [format_html("<code>{}</code>", part) if place % 2 else part for place, part in enumerate(parts)]
    return format_html_join("", "{}", ((word,) for word in words))
