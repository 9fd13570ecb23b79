"""A page larger than the buffers of a connection, behind the limits of `project.web.bodies`: a large download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project.web.bodies import BoundedApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PARTS, PART = 300, b"0123456789abcdef" * 4096


def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    size = PARTS if environ["PATH_INFO"] == "/large" else 1
    start_response("200 OK", [("Content-Length", str(size * len(PART)))])
    return (PART for _ in range(size))


application = BoundedApplication(page, largest=1)
