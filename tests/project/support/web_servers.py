"""Runs the real web server with the flags of `manage.py up`, with the demo on SQLite and no Redis; and clients for
it.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from project.operations.services import processes
from tests import houses
from tests.architecture import sources

PATIENCE_SECONDS = 60.0


@contextlib.contextmanager
def serving(folder: Path, arguments: Sequence[str], port: int, *, data: Path | None = None) -> Iterator[int]:
    """Starts a server, waits until it answers, and yields its port. `data` is a folder with the demo, which is
    copied.
    """
    data_dir = folder / "data"
    if data:
        shutil.copytree(data, data_dir)
    environment = houses.environment(data_dir) | {"DJANGO_SETTINGS_MODULE": "project.settings", "LOG_FORMAT": "json"}
    process = processes.start(
        command=[sys.executable, *arguments], env=environment, cwd=sources.ROOT, output=folder / "web.log"
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _is_open(port):
            assert process.poll() is None, (folder / "web.log").read_text()
            assert time.monotonic() < deadline, (folder / "web.log").read_text()
            time.sleep(0.1)
        yield port
    finally:
        processes.stop(process=process)


def _is_open(port: int) -> bool:
    with contextlib.suppress(OSError, http.client.HTTPException):
        return status(port) == http.HTTPStatus.OK
    return False


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Browser:
    """A client with cookies and one persistent connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    patience: float = 20.0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= options.pop("headers", {})
        self.connection.request(method, path, headers=headers, **options)
        response = self.connection.getresponse()
        content = response.read()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, dict(response.headers.items()), content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def fill_in(self, page: str, action: str, *, in_parts: bool = False, **fields: str) -> Answer:
        """Sends a form of a page, with its CSRF token."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask("GET", page).text)
        assert found
        body = urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Referer": f"http://127.0.0.1:{self.port}{page}",
        }
        if not in_parts:
            return self.ask("POST", action, body=body, headers=headers)
        parts = (body[at : at + 7] for at in range(0, len(body), 7))
        return self.ask("POST", action, body=parts, headers=headers, encode_chunked=True)


def status(port: int, method: str = "GET", path: str = "/health/live", **options: Any) -> int:
    """Returns the status of a request on a connection of its own, without cookies."""
    with Browser(port) as browser:
        return browser.ask(method, path, **options).status


def begin(port: int, beginning: bytes) -> socket.socket:
    """Opens a connection and sends the beginning of a request."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(beginning)
    return connection
