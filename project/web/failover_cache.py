"""The cache: Redis, and where that is away, a table of the database. Nothing that anybody waits for depends on Redis."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import connection, transaction
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

TABLE = "operations_cacheentry"
MAX_ENTRIES = 100_000  # then the database throws a part away
PATIENCE_SECONDS = 0.4  # for a connection, and for an answer: a request waits less than a second
REST_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Breaker:
    """Remembers in this process that Redis is away, so that one request in five seconds finds out and the others do not wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rests_until = 0.0
        self._is_away = False

    @property
    def is_away(self) -> bool:
        """Whether it was away a moment ago; once that is some seconds old, it is worth asking again."""
        return self._is_away and time.monotonic() < self._rests_until

    def may_ask(self) -> bool:
        """Whether to try Redis now. While it is away one caller is let through in a while; until that one has its answer the others are not."""
        if not self._is_away:
            return True
        with self._lock:
            if time.monotonic() < self._rests_until:
                return False
            self._rests_until = time.monotonic() + REST_SECONDS
            return True

    def note(self, *, answered: bool) -> None:
        if answered and not self._is_away:
            return
        with self._lock:
            was_away, self._is_away = self._is_away, not answered
            self._rests_until = time.monotonic() + REST_SECONDS
        if was_away == answered:
            log.warning("redis_back" if answered else "redis_away")


_breakers: dict[str, Breaker] = {}


def breaker_of(location: str) -> Breaker:
    """One for the whole process, as each thread has a cache of its own."""
    return _breakers.setdefault(location, Breaker())


def breaker() -> Breaker:
    """Of the Redis that the settings name, which is the broker too."""
    return breaker_of(settings.CACHES["default"]["LOCATION"])


class CountingDatabaseCache(DatabaseCache):
    """Django's own, whose counters also count when two add to one at the same time."""

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        with transaction.atomic():
            if connection.features.has_select_for_update:
                with connection.cursor() as cursor:
                    made = self.make_and_validate_key(key, version=version)
                    cursor.execute(f"SELECT 1 FROM {TABLE} WHERE cache_key = %s FOR UPDATE", [made])  # noqa: S608  # our own word
            return super().incr(key, delta=delta, version=version)


class FailoverCache(BaseCache):
    """Asks Redis, and the database where Redis does not answer. What is counted begins anew when it goes and when it comes back."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._breaker = breaker_of(location)
        options = {
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        self._redis = RedisCache(location, params | {"OPTIONS": options})
        self._database = CountingDatabaseCache(TABLE, params | {"OPTIONS": {"MAX_ENTRIES": MAX_ENTRIES}})

    def _ask(self, verb: str, *args: Any, **options: Any) -> Any:
        if self._breaker.may_ask():
            try:
                answer = getattr(self._redis, verb)(*args, **options)
            except (RedisError, OSError):
                self._breaker.note(answered=False)
            except ValueError:  # a counter that has run out: Redis has answered
                self._breaker.note(answered=True)
                raise
            else:
                self._breaker.note(answered=True)
                return answer
        return getattr(self._database, verb)(*args, **options)

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return bool(self._ask("add", key, value, *args, **options))

    def get(self, key: str, *args: Any, **options: Any) -> Any:
        return self._ask("get", key, *args, **options)

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        self._ask("set", key, value, *args, **options)

    def touch(self, key: str, *args: Any, **options: Any) -> bool:
        return bool(self._ask("touch", key, *args, **options))

    def delete(self, key: str, *args: Any, **options: Any) -> bool:
        return bool(self._ask("delete", key, *args, **options))

    def has_key(self, key: str, *args: Any, **options: Any) -> bool:
        return bool(self._ask("has_key", key, *args, **options))

    def incr(self, key: str, *args: Any, **options: Any) -> int:
        return int(self._ask("incr", key, *args, **options))

    def clear(self) -> None:
        self._ask("clear")


def forget_expired(*, now: datetime) -> None:
    """Rows of the database that nobody asked for again are not deleted by the cache itself."""
    with connection.cursor() as cursor:
        expired = connection.ops.adapt_datetimefield_value(now.astimezone(UTC).replace(microsecond=0))
        cursor.execute(f"DELETE FROM {TABLE} WHERE expires < %s", [expired])  # noqa: S608  # our own word
