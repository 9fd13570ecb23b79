"""The cache: Redis, or a table of the database while Redis is away. No page depends on Redis."""

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
MAX_ENTRIES = 100_000  # in the database; Django then deletes a part of them
PATIENCE_SECONDS = 0.4  # to connect, and to get an answer, so that a request waits for less than a second
REST_SECONDS = 5.0  # until an absent Redis is tried again

log = structlog.get_logger(__name__)


class Breaker:
    """A circuit breaker: remembers, in this process, that Redis is away. Then only one request in `REST_SECONDS` tries
    it, and the others do not wait.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rests_until = 0.0
        self._is_away = False

    @property
    def is_away(self) -> bool:
        """Whether Redis was away within the last `REST_SECONDS`."""
        return self._is_away and time.monotonic() < self._rests_until

    def may_ask(self) -> bool:
        """Returns whether to try Redis now. While it is away, True for one caller in `REST_SECONDS`."""
        if not self._is_away:
            return True
        with self._lock:
            if time.monotonic() < self._rests_until:
                return False
            self._rests_until = time.monotonic() + REST_SECONDS
            return True

    def note(self, *, answered: bool) -> None:
        """Records whether Redis answered, and logs when it goes away or comes back."""
        if answered and not self._is_away:
            return
        with self._lock:
            was_away, self._is_away = self._is_away, not answered
            self._rests_until = time.monotonic() + REST_SECONDS
        if was_away == answered:
            log.warning("redis_back" if answered else "redis_away")


_breakers: dict[str, Breaker] = {}


def breaker_of(location: str) -> Breaker:
    """Returns the breaker of a Redis, shared by the process: each thread has its own cache object."""
    return _breakers.setdefault(location, Breaker())


def breaker() -> Breaker:
    """Returns the breaker of the Redis in the settings, which is also the broker."""
    return breaker_of(settings.CACHES["default"]["LOCATION"])


class CountingDatabaseCache(DatabaseCache):
    """Django's cache in the database, with an `incr` that loses no count when two processes add at the same time."""

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        with transaction.atomic():
            if connection.features.has_select_for_update:
                with connection.cursor() as cursor:
                    made = self.make_and_validate_key(key, version=version)
                    cursor.execute(f"SELECT 1 FROM {TABLE} WHERE cache_key = %s FOR UPDATE", [made])  # noqa: S608  # our own word
            return super().incr(key, delta=delta, version=version)


class FailoverCache(BaseCache):
    """Uses Redis, or the database while Redis does not answer. Neither copies from the other, so counters start again
    at 0 when Redis goes away and when it comes back.
    """

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

    def _call(self, verb: str, *args: Any, **options: Any) -> Any:
        if self._breaker.may_ask():
            try:
                answer = getattr(self._redis, verb)(*args, **options)
            except (RedisError, OSError):
                self._breaker.note(answered=False)
            except ValueError:  # `incr` of a counter that has expired: Redis did answer
                self._breaker.note(answered=True)
                raise
            else:
                self._breaker.note(answered=True)
                return answer
        return getattr(self._database, verb)(*args, **options)

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return bool(self._call("add", key, value, *args, **options))

    def get(self, key: str, *args: Any, **options: Any) -> Any:
        return self._call("get", key, *args, **options)

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        self._call("set", key, value, *args, **options)

    def touch(self, key: str, *args: Any, **options: Any) -> bool:
        return bool(self._call("touch", key, *args, **options))

    def delete(self, key: str, *args: Any, **options: Any) -> bool:
        return bool(self._call("delete", key, *args, **options))

    def has_key(self, key: str, *args: Any, **options: Any) -> bool:
        return bool(self._call("has_key", key, *args, **options))

    def incr(self, key: str, *args: Any, **options: Any) -> int:
        return int(self._call("incr", key, *args, **options))

    def clear(self) -> None:
        self._call("clear")


def forget_expired(*, now: datetime) -> None:
    """Deletes expired rows of the database: Django's cache does so only when one of them is read."""
    with connection.cursor() as cursor:
        expired = connection.ops.adapt_datetimefield_value(now.astimezone(UTC).replace(microsecond=0))
        cursor.execute(f"DELETE FROM {TABLE} WHERE expires < %s", [expired])  # noqa: S608  # our own word
