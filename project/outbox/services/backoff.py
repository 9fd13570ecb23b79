"""Leaves a mail server that does not answer alone for a while, because each mail to it would cost many seconds.

The mails that wait meanwhile lose no attempt. Each process finds out by itself, at the cost of `MAX_UNANSWERED` mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from project.outbox.enums import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_UNANSWERED = 2  # mails in a row
REST = timedelta(seconds=30)
OUR_OWN = {Trouble.OUT_OF_DATE, Trouble.INACTIVE, Trouble.NOT_WRITTEN, Trouble.BROKEN_OFF}  # not about the server


@dataclass
class _Server:
    unanswered: int = 0
    rests_from: datetime | None = None


_servers: dict[tuple[str, int], _Server] = {}


def is_resting(now: datetime) -> bool:
    since = _server().rests_from
    return since is not None and since <= now < since + REST


def note(trouble: Trouble | None, clock: Callable[[], datetime]) -> None:
    """Records how the last mail went: None if it was sent. The rest begins after the timeout, hence the clock."""
    server = _server()
    if trouble not in OUR_OWN:
        server.unanswered = server.unanswered + 1 if trouble == Trouble.NO_ANSWER else 0
    if server.unanswered >= MAX_UNANSWERED:
        server.unanswered, server.rests_from = 0, clock()


def _server() -> _Server:
    return _servers.setdefault((settings.EMAIL_HOST, settings.EMAIL_PORT), _Server())
