"""How many SQL statements were sent, by whom: PostgreSQL writes them all into its log for a moment, BEGIN and COMMIT included."""

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
SETTLES_SECONDS = 0.3  # a running connection hears of it a moment later


@contextlib.contextmanager
def counted(servers: Servers) -> Iterator[Counter[str]]:
    """Fills the counter when it ends, by the name that each program gave its connections."""
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
