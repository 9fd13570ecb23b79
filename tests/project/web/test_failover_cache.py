"""With a Redis that is really stopped: the cache uses the database, no call waits long, and Redis is used once it is
back.
"""

from __future__ import annotations

import signal
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from structlog.testing import capture_logs

from project.operations.models import CacheEntry
from project.operations.services import broker, processes
from project.operations.tasks import forget_cached
from project.web import failover_cache
from tests.registrations.support.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Server:
    """A Redis that a test may stop, suspend, and start again with the same address."""

    def __init__(self, folder):
        self.folder = folder
        self.start()

    def start(self):
        self.process, self.url = broker.start(directory=self.folder)

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        processes.stop(process=self.process)


@pytest.fixture
def redis(settings):
    with tempfile.TemporaryDirectory(prefix="samen-") as folder:
        server = Server(Path(folder))
        location = server.url.replace("redis+socket://", "unix://")
        settings.CACHES = {"default": {"BACKEND": "project.web.failover_cache.FailoverCache", "LOCATION": location}}
        yield server
        server.stop()


@pytest.fixture
def _no_rest(monkeypatch):
    monkeypatch.setattr(failover_cache, "REST_SECONDS", 0.0)


def test_redis_is_used_while_it_answers(redis, django_assert_num_queries):
    with django_assert_num_queries(0):
        cache.set("it", [1], 60)
        assert cache.get("it") == [1]
        assert cache.add("it", 2, 60) is False
        assert cache.has_key("it")  # the method, not the operator
        assert cache.touch("it", 60)
        assert cache.delete("it")
        with pytest.raises(ValueError, match="it"):
            cache.incr("it")


def test_the_database_takes_over_when_redis_is_stopped(redis):
    cache.set("before", 1, 60)
    redis.stop()

    with capture_logs() as logs:
        assert cache.get("before") is None
        assert cache.add("it", 1, 60)
        assert not cache.add("it", 1, 60)
        assert cache.incr("it") == 2
        assert cache.get_or_set("other", lambda: "made", 60) == "made"
        assert cache.touch("it", 90)
        assert cache.has_key("it")  # the method, not the operator
        assert cache.delete("it")
        assert cache.get("it") is None

    assert [line["event"] for line in logs] == ["redis_away"]


def test_calls_do_not_wait_for_a_silent_redis(redis):
    cache.set("it", 1, 60)
    redis.process.send_signal(signal.SIGSTOP)

    began = time.monotonic()
    for _ in range(20):
        cache.get("it")

    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("_no_rest")
def test_redis_is_used_again_once_it_is_back(redis, django_assert_num_queries):
    cache.set("it", 1, 60)
    redis.stop()
    cache.set("it", 2, 60)
    redis.start()

    with capture_logs() as logs:
        assert cache.get("it") is None  # what was cached in the database meanwhile is not copied

    assert [line["event"] for line in logs] == ["redis_back"]
    with django_assert_num_queries(0):
        cache.set("it", 3, 60)
        assert cache.get("it") == 3


def test_one_caller_per_interval_tries_an_absent_redis():
    breaker = failover_cache.Breaker()
    assert breaker.may_ask()

    breaker.note(answered=False)
    breaker._rests_until = 0

    assert [breaker.may_ask() for _ in range(3)] == [True, False, False]
    breaker.note(answered=True)
    assert [breaker.may_ask() for _ in range(3)] == [True, True, True]


@pytest.mark.postgresql
def test_parallel_counts_in_the_database_lose_nothing(without_redis):
    cache.add("counter", 0, 60)

    at_once(*[lambda: [cache.incr("counter") for _ in range(10)]] * 4)

    assert cache.get("counter") == 40


def test_forget_expired_deletes_expired_rows(without_redis):
    cache.set("old", 1, -10)
    CacheEntry.objects.create(cache_key="older", value="", expires=timezone.now() - timedelta(hours=1))
    cache.set("young", 1, 600)

    forget_cached()

    assert [entry.cache_key for entry in CacheEntry.objects.all()] == [":1:young"]
    assert str(CacheEntry()) == "cache entry"
