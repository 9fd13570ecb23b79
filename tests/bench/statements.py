"""Counts SQL statements by the program that sent them: PostgreSQL logs all of them for a while, including BEGIN and
COMMIT.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.sides.servers import Servers

SENT = re.compile(r"^\[(\w+)\] LOG:  (?:statement|execute [^:]+): ", re.MULTILINE)
SETTLES_SECONDS = 0.3  # until open connections apply the setting


@contextlib.contextmanager
def counted(servers: Servers) -> Iterator[Counter[str]]:
    """Yields a counter by application name, which is filled at the end of the block."""
    found: Counter[str] = Counter()
    log = servers.statements_log()
    _say(servers, "all")
    begin = log.stat().st_size
    yield found
    time.sleep(SETTLES_SECONDS)
    with log.open(errors="replace") as lines:
        lines.seek(begin)
        found.update(SENT.findall(lines.read()))
    _say(servers, "none")


def _say(servers: Servers, which: str) -> None:
    with servers.connect("postgres") as connection:
        connection.execute(f"ALTER SYSTEM SET log_statement = '{which}'".encode())
        connection.execute("SELECT pg_reload_conf()")
    time.sleep(SETTLES_SECONDS)
