"""Reads request bodies before Django sees them, with limits of time and size, and without occupying a thread.

If each request had one of a few threads from the start, as many slow senders would stop the server, since nothing can
interrupt such a read. So an event loop reads the bodies, hundreds at once, and a request gets a thread when it is
complete. Few threads are faster than many: requests for a contended lock then queue here instead of in PostgreSQL
(measured).
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import IO, Any, cast
from urllib.parse import unquote_to_bytes

import structlog

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

WORKING_THREADS = 4
MAX_SENDERS = 512  # at a time, per worker: half of the connections, so that requests without a body are always served
BODY_SECONDS = 15.0
FORM_OVERHEAD = 100_000  # bytes: Django's limit does not count the boundaries between the parts of a form
IN_MEMORY = 65_536  # bytes of one body; a longer one is in an unnamed temporary file
LINGER_SECONDS = 2.0  # how long a refused sender may go on sending

log = structlog.get_logger(__name__)


class UnreadableBody(Exception):
    """The body is too slow (408), too large (413), or one too many at a time (503). The request is answered with
    `status`.
    """

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class HangUp(Exception):
    """The client has closed the connection."""


class BoundedApplication:
    """An ASGI application (HTTP only) around a WSGI application, which gets complete requests only.

    `largest` is the limit of one body in bytes, `larger` that of paths which begin in a certain way, `seconds` the time
    in which a body must arrive, `senders` how many may arrive at a time.
    """

    def __init__(
        self,
        wsgi: Wsgi,
        *,
        largest: int,
        larger: Mapping[str, int] | None = None,
        seconds: float = BODY_SECONDS,
        senders: int = MAX_SENDERS,
    ) -> None:
        self._wsgi, self._largest, self._larger, self._seconds = wsgi, largest, larger or {}, seconds
        self._most_senders = senders
        self._threads = ThreadPoolExecutor(WORKING_THREADS, thread_name_prefix="request")
        self._senders = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            body = cast("IO[bytes]", file)
            try:
                size = await self._read(scope, receive, into=body)
            except HangUp:
                return
            except UnreadableBody as refusal:
                log.warning("body_refused", status=refusal.status.value)
                await _send_refusal(refusal.status, receive, send)
                return
            environ = environ_of(scope, body=body, size=size)
            loop = asyncio.get_running_loop()
            status, headers, content = await loop.run_in_executor(self._threads, _answer, self._wsgi, environ)
        await _send(send, status, headers, content)

    async def _read(self, scope: Message, receive: Receive, *, into: IO[bytes]) -> int:
        """Copies the body to `into` and returns its length in bytes. Raises `UnreadableBody` and `HangUp`."""
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"")
        if declared in {b"", b"0"} and b"transfer-encoding" not in headers and scope["http_version"] < "2":
            return 0  # RFC 9112 6.3: no body
        largest = max([self._largest, *(size for path, size in self._larger.items() if scope["path"].startswith(path))])
        if declared.isdigit() and int(declared[:20]) > largest:
            raise UnreadableBody(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._senders >= self._most_senders:
            raise UnreadableBody(HTTPStatus.SERVICE_UNAVAILABLE)
        self._senders += 1
        try:
            async with asyncio.timeout(self._seconds):
                return await self._read_all(receive, into, largest)
        except TimeoutError:
            raise UnreadableBody(HTTPStatus.REQUEST_TIMEOUT) from None
        finally:
            self._senders -= 1

    async def _read_all(self, receive: Receive, into: IO[bytes], largest: int) -> int:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise HangUp
            part, more = message.get("body", b""), message.get("more_body", False)
            size += len(part)
            if size > largest:
                raise UnreadableBody(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            into.write(part)
        into.seek(0)
        return size


def environ_of(scope: Message, *, body: IO[bytes], size: int) -> dict[str, Any]:
    """Returns the WSGI environ (PEP 3333). Leaves out headers with `_` in their name: in the environ they would be
    mistaken for those with `-` that a proxy sets.
    """
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    path = unquote_to_bytes(scope["raw_path"]) if scope.get("raw_path") else scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name or name in {b"content-length", b"transfer-encoding"}:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        between = "; " if key == "HTTP_COOKIE" else ","  # RFC 9113 8.2.3
        environ[key] = f"{environ[key]}{between}{text}" if key in environ else text
    return environ


def _answer(wsgi: Wsgi, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """Calls the WSGI application; runs in one of our threads. Reads a streamed response to its end, so that a slow
    client does not occupy the thread either; ours are small.
    """
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        encoded = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        started.append((int(status.split(" ", 1)[0]), encoded))

    parts = wsgi(environ, start_response)
    try:
        content = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started[-1]
    return status, headers, content


async def _send_refusal(status: HTTPStatus, receive: Receive, send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(int(BODY_SECONDS)).encode()))
    await _send(send, status, headers, f"{status.value} {status.phrase}\n".encode())
    # Closing at once would reset the connection; a client that still sends would lose the answer (RFC 9112 9.6).
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass


async def _send(send: Send, status: int, headers: Headers, content: bytes) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})
