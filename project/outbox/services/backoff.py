"""A mail server that does not answer costs every mail many seconds. It is then left alone for a while, and the mails wait without that being
held against them. Known to this process only: every other finds out by itself, with two mails.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from project.outbox.enums import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 2  # mails in a row that went unanswered
REST = timedelta(seconds=30)
OUR_OWN = {Trouble.OUT_OF_DATE, Trouble.INACTIVE, Trouble.NOT_WRITTEN, Trouble.BROKEN_OFF}  # the server was not asked


@dataclass
class _Server:
    unanswered: int = 0
    rests_from: datetime | None = None


_servers: dict[tuple[str, int], _Server] = {}


def is_resting(now: datetime) -> bool:
    since = _server().rests_from
    return since is not None and since <= now < since + REST


def note(trouble: Trouble | None, clock: Callable[[], datetime]) -> None:
    """How the last mail went. The rest begins when the silence has lasted, not when the mail set out."""
    server = _server()
    if trouble not in OUR_OWN:
        server.unanswered = server.unanswered + 1 if trouble == Trouble.NO_ANSWER else 0
    if server.unanswered >= MOST:
        server.unanswered, server.rests_from = 0, clock()


def _server() -> _Server:
    return _servers.setdefault((settings.EMAIL_HOST, settings.EMAIL_PORT), _Server())
