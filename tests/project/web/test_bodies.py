"""Clients that send slowly, too much or nothing, with the real server and the flags of `manage.py up`."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from wsgiref.validate import validator

import pytest
from django.core.wsgi import get_wsgi_application

from project.operations.services import web
from project.web import bodies
from tests import houses
from tests.architecture import sources
from tests.project.support import slow_pages
from tests.project.support.web_servers import Browser, begin, serving, status

TOO_LARGE = 3_000_000
# A form with its token, whose body Django wants to read.
POST = (
    b"POST /demo/sign-in/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrf=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
LENGTH, CHUNKED = b"Content-Length: 1000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
DRIPPING = {POST + LENGTH: b"a", POST + CHUNKED: b"1\r\na\r\n"}
SILENT = {POST + LENGTH: b"", POST + CHUNKED: b""}
SLOW_HEADERS = {POST + b"X-Slow: a": b"a"}
SCOPE: bodies.Message = {"method": "POST", "path": "/é", "query_string": b"a=%C3%A9", "http_version": "1.1"}


def serve(folder: Path, prepared: Path, *, workers: int = 1) -> contextlib.AbstractContextManager[int]:
    port = houses.free_port()
    return serving(folder, web.arguments(host="127.0.0.1", port=port, workers=workers), port, data=prepared)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bodies")


@pytest.fixture(scope="module")
def port(folder: Path, prepared: Path) -> Iterator[int]:
    with serve(folder, prepared) as opened:
        yield opened


def drip(senders: list[tuple[socket.socket, bytes]]) -> None:
    for sender, drop in senders:
        sender.sendall(drop)


def first_line(sender: socket.socket) -> bytes:
    """Returns the first line of the response, or b"" if the server closed the connection without one."""
    with contextlib.suppress(ConnectionResetError):
        return sender.recv(4096).split(b"\r\n")[0]
    return b""


@pytest.mark.slow
def test_slow_and_silent_senders_block_nobody_and_get_408(port: int) -> None:
    kinds = [*DRIPPING.items(), *SILENT.items(), *SLOW_HEADERS.items()]
    with contextlib.ExitStack() as open_ones:
        began = time.monotonic()
        senders = [
            (open_ones.enter_context(begin(port, beginning)), drop) for _ in range(50) for beginning, drop in kinds
        ]
        while time.monotonic() - began < bodies.BODY_SECONDS - 2:  # sending a byte in time does not extend the limit
            drip(senders)
            asked = time.monotonic()
            assert status(port) == 200
            assert status(port, "POST", "/", body=b"login=a") == 403
            assert time.monotonic() - asked < 1.5
            time.sleep(0.5)
        answers = [first_line(sender) for sender, _ in senders]
        took = time.monotonic() - began

    bodies_answered = [answer for number, answer in enumerate(answers) if number % len(kinds) < len(kinds) - 1]
    assert set(bodies_answered) == {b"HTTP/1.1 408 Request Timeout"}
    assert set(answers) - set(bodies_answered) <= {b"", b"HTTP/1.1 408 Request Timeout"}, "slow headers end too"
    assert bodies.BODY_SECONDS - 1 < took < bodies.BODY_SECONDS + 10


@pytest.mark.slow
def test_five_slow_senders_stop_the_site_without_the_limits(tmp_path: Path, prepared: Path) -> None:
    """The negative control: each request has one of four threads from its first byte on."""
    number = houses.free_port()
    old = ["-m", "granian", "--interface=wsgi", "--blocking-threads=4", f"--port={number}", "project.wsgi:application"]
    with serving(tmp_path, old, number, data=prepared) as port, contextlib.ExitStack() as open_ones:
        for _ in range(5):
            open_ones.enter_context(begin(port, POST + LENGTH))
        time.sleep(0.5)

        with pytest.raises(TimeoutError), Browser(port, patience=3) as person:
            person.ask("GET", "/health/live")


@pytest.mark.slow
def test_slow_senders_block_nobody_with_several_workers(tmp_path: Path, prepared: Path) -> None:
    with serve(tmp_path, prepared, workers=2) as port, contextlib.ExitStack() as open_ones:
        senders = [(open_ones.enter_context(begin(port, POST + LENGTH)), b"a") for _ in range(50)]
        asked = time.monotonic()
        for _ in range(10):
            drip(senders)
            assert status(port) == 200

        assert time.monotonic() - asked < 5


def test_forms_work_in_parts_and_on_one_connection(port: int) -> None:
    with Browser(port) as person:
        lines = set()
        for in_parts in (False, True):
            answer = person.fill_in("/demo/", "/demo/sign-in/", in_parts=in_parts, person="student@demo.example")
            assert (answer.status, answer.headers["location"]) == (302, "/")
            lines.add(person.connection.sock)
        # The first ones may begin while these tests run, and then nobody can sign up any more.
        later = reversed(re.findall(r'href="(/sessions/[\w-]+/)"', person.ask("GET", "/").text))
        page = next(page for page in later if "Take a seat" in person.ask("GET", page).text)

        answer = person.fill_in(page, f"{page}sign-up/", in_parts=True)

        assert answer.status == 302
        assert '/cancel/"' in person.ask("GET", page).text, "a seat to give back"
        lines.add(person.connection.sock)
    assert len(lines) == 1, "one connection for all of it"


def test_a_body_larger_than_the_memory_limit_arrives_complete(port: int) -> None:
    """The field that the view needs is at the end of the body."""
    ballast = "a" * bodies.IN_MEMORY * 3
    with Browser(port) as person:
        answer = person.fill_in("/demo/", "/demo/sign-in/", ballast=ballast, person="student@demo.example")

    assert (answer.status, answer.headers["location"]) == (302, "/")


def test_a_body_that_is_too_large_gets_413(port: int, folder: Path) -> None:
    with begin(port, POST + f"Content-Length: {TOO_LARGE}\r\n\r\n".encode()) as told:
        assert told.recv(4096).startswith(b"HTTP/1.1 413")

    assert status(port, "POST", "/", body=b"a" * TOO_LARGE) == 413
    assert status(port, "POST", "/", body=iter([b"a" * 100_000] * 30), encode_chunked=True) == 413
    assert status(port) == 200
    refused = [json.loads(line) for line in (folder / "web.log").read_text().splitlines() if "body_refused" in line]
    assert [line["status"] for line in refused if line["status"] == 413] == [413] * 3
    assert all(set(line) == {"event", "level", "status", "timestamp"} for line in refused), "nothing about the person"


def test_the_server_works_after_clients_hang_up(port: int, folder: Path) -> None:
    for _ in range(20):
        begin(port, POST + LENGTH + b"abc").close()

    assert status(port) == 200
    assert "Traceback" not in (folder / "web.log").read_text()


def test_head_sends_no_body(port: int) -> None:
    with Browser(port) as person:
        whole, head = person.ask("GET", "/feeds/events.atom"), person.ask("HEAD", "/feeds/events.atom")

        assert (head.status, head.content) == (200, b"")
        assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))
        assert person.ask("GET", "/health/live").status == 200, "on the same connection"


def test_percent_encoded_paths_are_decoded(port: int) -> None:
    with Browser(port) as person:
        assert person.ask("GET", "/?q=caf%C3%A9").text.count("café") >= 1
        assert person.ask("GET", "/feeds%2Fevents.atom").status == 200, "decoded as other servers do"
        assert person.ask("GET", "/caf%C3%A9/").status == 404


def test_slow_downloads_occupy_no_thread_and_arrive_complete(tmp_path: Path) -> None:
    number = houses.free_port()
    arguments = web.arguments(host="127.0.0.1", port=number, application="tests.project.support.slow_pages:application")
    request = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving(tmp_path, arguments, number) as port, contextlib.ExitStack() as open_ones:
        for _ in range(bodies.WORKING_THREADS * 2):
            open_ones.enter_context(begin(port, request))  # and reads nothing
        time.sleep(1)

        assert status(port) == 200
        with Browser(port) as person:
            content = person.ask("GET", "/large").content

    assert hashlib.sha256(content).digest() == hashlib.sha256(slow_pages.PART * slow_pages.PARTS).digest()


def test_more_senders_than_allowed_are_refused_with_503() -> None:
    application = bodies.BoundedApplication(slow_pages.page, largest=10, senders=0)

    [start, end] = asyncio.run(asked(application, [{"type": "http.request", "body": b"a"}]))

    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"15"
    assert end["body"] == b"503 Service Unavailable\n"


def test_an_incomplete_request_does_not_reach_django() -> None:
    def never(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> NoReturn:
        pytest.fail("an unfinished request is no request")

    parts = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]

    assert asyncio.run(asked(bodies.BoundedApplication(never, largest=10), parts)) == []


@pytest.mark.parametrize(("path", "status"), [("/uploads/1/", 200), ("/", 413)])
def test_only_some_paths_take_larger_bodies(path: str, status: int) -> None:
    def page(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    application = bodies.BoundedApplication(page, largest=1, larger={"/uploads/": 2})
    parts = [{"type": "http.request", "body": b"ab"}]

    [start, _] = asyncio.run(asked(application, parts, path=path))

    assert start["status"] == status


async def asked(application: bodies.BoundedApplication, parts: list[Any], **scope: str) -> list[bodies.Message]:
    sent: list[bodies.Message] = []

    async def receive() -> bodies.Message:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: bodies.Message) -> None:
        sent.append(message)

    headers = [(b"content-length", b"2")]
    await application({"type": "http", **SCOPE, "headers": headers, **scope}, receive, send)
    return sent


def test_headers_with_an_underscore_are_dropped() -> None:
    headers = [
        (b"x_forwarded_for", b"192.0.2.1"),
        (b"x-forwarded-for", b"192.0.2.2"),
        (b"x-forwarded-for", b"192.0.2.3"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    ]

    environ = bodies.environ_of({**SCOPE, "headers": headers}, body=io.BytesIO(), size=0)

    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.2,192.0.2.3"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"


def test_environ_follows_pep_3333() -> None:
    application = validator(get_wsgi_application())
    parts = [{"type": "http.request", "body": b""}]

    [start, _] = asyncio.run(asked(bodies.BoundedApplication(application, largest=10), parts))

    assert start["status"] == 404


def test_the_documentation_names_the_flags_of_the_server() -> None:
    documentation = (sources.ROOT / "docs/operations.md").read_text()

    words = " ".join(documentation.replace("\\\n", " ").split())  # a command may go on in the next line
    assert f".venv/bin/granian {' '.join(web.FLAGS)} {web.APPLICATION}" in words
    assert f"{bodies.BODY_SECONDS:.0f} seconds for a body" in documentation
    assert f"{web.HEADER_SECONDS} seconds for the head" in documentation
    assert f"| {bodies.MAX_SENDERS} bodies at the same time" in documentation
