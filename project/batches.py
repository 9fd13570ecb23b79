"""A round of the scheduler: does the same for each of many items, so that one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import connection

Key = TypeVar("Key", int, UUID)

log = structlog.get_logger(__name__)

_failed_last: dict[str, frozenset[int | UUID]] = {}


def each_in_turn(items: Iterable[Key], act: Callable[[Key], object], *, name: str) -> int:
    """Calls `act` for every item, a primary key, in the order given. Returns how many failed.

    A failure is logged by its type and place (never its text), and the next item is tried. Items that failed in the
    last round of the same `name` come last in this one, so that an item that also takes long, or kills its process,
    does not hold up the others. `act` manages its own transaction. Raises `django.db.Error` if the database cannot be
    reached.
    """
    failed_before = _failed_last.get(name, frozenset())
    todo = sorted(items, key=lambda item: item in failed_before)  # keeps the order among equals
    failed: set[int | UUID] = set()
    for item in todo:
        try:
            act(item)
        except Exception:  # whatever is wrong with one item, it must not block the next
            failed.add(item)
            log.exception("item_failed", round=name, item=str(item))
            mend_connection()
    _failed_last[name] = frozenset(failed)
    if failed:
        log.error("round_with_failures", round=name, failed=len(failed), items=len(todo))
    return len(failed)


def mend_connection() -> None:
    """Replaces a broken database connection. Does nothing within a transaction: that is up to the code that began it.

    Raises `django.db.Error` if the database cannot be reached.
    """
    if connection.in_atomic_block:
        return
    connection.close_if_unusable_or_obsolete()
    connection.ensure_connection()
