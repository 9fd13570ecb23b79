from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from pytest_django import Settings

from feedback.services import limits
from tests.feedback.surveys import MORNING

ADDRESS = "192.0.2.7"


@pytest.fixture
def _no_redis(settings: Settings) -> None:
    cache_settings = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": cache_settings}


def test_wrong_codes_are_counted_for_each_network_address() -> None:
    for _ in range(limits.WRONG_CODES):
        assert limits.may_try(address=ADDRESS, now=MORNING)
        limits.count_wrong_code(address=ADDRESS, now=MORNING)

    assert not limits.may_try(address=ADDRESS, now=MORNING)
    assert limits.may_try(address="192.0.2.8", now=MORNING)
    assert limits.may_try(address=ADDRESS, now=MORNING + timedelta(days=1))


def test_counter_does_not_hold_the_address() -> None:
    limits.count_wrong_code(address=ADDRESS, now=MORNING)

    client = cache._cache.get_client()  # type: ignore[attr-defined]
    found = [key.decode() for key in client.keys("*feedback*")]
    assert len(found) == 2
    assert not any(ADDRESS in key for key in found)
    assert all(0 < client.ttl(key) <= limits.DAY_SECONDS for key in found)


def test_claim_is_for_one_until_it_is_released() -> None:
    assert limits.is_first("it")
    assert not limits.is_first("it")

    limits.release("it")

    assert limits.is_first("it")


@pytest.mark.usefixtures("_no_redis")
def test_without_redis_everything_goes_on() -> None:
    limits.count_wrong_code(address=ADDRESS, now=MORNING)
    limits.release("it")

    assert limits.may_try(address=ADDRESS, now=MORNING)
    assert limits.is_first("it")
