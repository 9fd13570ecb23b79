"""Many browsers in one process, with persistent connections. Requests are built beforehand, so that clients take little
CPU from the servers.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

LANGUAGE = "en-GB,en;q=0.9,nl;q=0.8"


@dataclass(frozen=True)
class Answer:
    """One response: its status, the seconds it took, and when it came, in seconds since the start. `person` is the
    number of the request.
    """

    person: int
    status: int
    waited: float
    at: float


def page(port: int, path: str, cookies: str) -> bytes:
    return _request("GET", port, path, cookies)


def button(port: int, path: str, cookies: str, token: str) -> bytes:
    """Returns the request of a form with one button as a browser sends it: with CSRF token, cookie and Origin."""
    form = f"csrfmiddlewaretoken={token}"
    more = (
        f"Origin: http://127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    )
    return _request("POST", port, path, f"{cookies}; csrf={token}; csrftoken={token}", more) + form.encode()


def _request(method: str, port: int, path: str, cookies: str, more: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\n"
    return f"{head}Accept-Language: {LANGUAGE}\r\nAccept-Encoding: gzip\r\n{more}\r\n".encode()


def ask_all(port: int, requests: list[bytes], *, at_once: int) -> list[Answer]:
    """Sends all requests in this order, at most `at_once` at a time. Returns the responses in the order in which they
    came.
    """
    return asyncio.run(_ask_all(port, requests, at_once))


async def _ask_all(port: int, requests: list[bytes], at_once: int) -> list[Answer]:
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(min(at_once, len(requests)))]
    waiting, answers, opened = iter(enumerate(requests)), list[Answer](), time.perf_counter()
    await asyncio.gather(*(_ask_in_turn(*pair, waiting, answers, opened) for pair in pairs))
    for _, writer in pairs:
        writer.close()
        await writer.wait_closed()
    return answers


async def _ask_in_turn(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    waiting: Iterator[tuple[int, bytes]],
    answers: list[Answer],
    opened: float,
) -> None:
    for person, request in waiting:
        asked = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        now = time.perf_counter()
        answers.append(Answer(person, int(head.split(None, 2)[1]), now - asked, now - opened))


def _length(head: bytes) -> int:
    """Returns the length of the body: 0 without Content-Length, as for a 304."""
    fields = dict(line.lower().partition(b": ")[::2] for line in head.split(b"\r\n")[1:] if line)
    return int(fields.get(b"content-length", 0))


def count_by_status(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def errors(answers: list[Answer]) -> int:
    return sum(answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR for answer in answers)


def median_wait(answers: list[Answer]) -> float:
    return statistics.median(answer.waited for answer in answers) if answers else 0.0
