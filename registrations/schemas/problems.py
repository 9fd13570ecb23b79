"""Problem details (RFC 9457): the one shape of everything that is refused, whichever app refuses it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"


class InvalidField(Schema):
    """One value that cannot be used, and why."""

    location: str = Field(description="Where it stands: `path`, `query`, `header` or `body`.")
    name: str = Field(description="The name of the value.")
    detail: str = Field(description="What is wrong with it, in English, for programmers.")


class Problem(Schema):
    """What went wrong (RFC 9457). Decide by `code`, show `detail`."""

    type: str = Field(description="The address of the explanation of this kind of problem.")
    title: str = Field(description="The kind of problem in a few words, in the language of the reader.")
    status: int = Field(description="The status of the answer, again.")
    detail: str = Field(description="What to do about it, in the language of the reader. May be shown to people.")
    code: str = Field(description="The stable name of the problem.")
    errors: list[InvalidField] | None = Field(None, description="With `invalid`: each value that cannot be used.")


def answers(meanings: dict[int, str]) -> dict[str, Any]:
    """For `openapi_extra`: what each response of an operation means, by status; those from 400 on are problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int, dict[str, Any]] = {}
    for status, meaning in meanings.items():
        responses[status] = {"description": meaning} | (
            {"content": content} if status >= HTTPStatus.BAD_REQUEST else {}
        )
    return {"responses": responses}
