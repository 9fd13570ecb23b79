"""Options of the database connections, for the settings."""

from typing import Any

# Writers queue instead of failing.
SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def options_of_postgresql(*, most_connections: int, prepare_after: int) -> dict[str, Any]:
    """Returns options for a pool of at most `most_connections` per process.

    After a connection has sent a statement `prepare_after` times, PostgreSQL keeps its plan, which halves its cost. 0
    turns that off, for a pooler that gives each transaction another connection.
    """
    pool = {"min_size": 1, "max_size": most_connections, "timeout": 5}
    return {"pool": pool, "server_side_binding": bool(prepare_after), "prepare_threshold": prepare_after or None}
