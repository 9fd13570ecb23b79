"""How the databases are spoken to. It stands in the settings."""

from typing import Any

# Writers queue instead of failing.
SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def options_of_postgresql(*, most_connections: int, prepare_after: int) -> dict[str, Any]:
    """A pool for each process. A statement that a connection has sent `prepare_after` times is planned once, which halves what it costs
    PostgreSQL; 0 plans it each time, for a pooler that gives each transaction another connection.
    """
    pool = {"min_size": 1, "max_size": most_connections, "timeout": 5}
    return {"pool": pool, "server_side_binding": bool(prepare_after), "prepare_threshold": prepare_after or None}
