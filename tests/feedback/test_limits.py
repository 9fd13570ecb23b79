from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache

from feedback.services import limits
from tests.feedback.surveys import MORNING

NETWORK = "192.0.2.7"


@time_machine.travel(MORNING, tick=False)
def test_wrong_codes_are_counted_for_each_network() -> None:
    answers = [limits.count_wrong_code(network=NETWORK) for _ in range(limits.WRONG_CODES.most + 1)]

    assert answers == [True] * limits.WRONG_CODES.most + [False]
    assert limits.count_wrong_code(network="192.0.2.8")


@time_machine.travel(MORNING, tick=False)
def test_counter_does_not_hold_the_address() -> None:
    limits.count_wrong_code(network=NETWORK)

    client = cache._redis._cache.get_client()  # type: ignore[attr-defined]
    found = [key.decode() for key in client.keys("*limit*")]
    assert len(found) == 2
    assert not any(NETWORK in key for key in found)
    assert all(0 < client.ttl(key) <= 86_400 for key in found)


def test_lease_is_held_by_one_worker_until_it_ends() -> None:
    assert limits.take_lease("it")
    assert not limits.take_lease("it")

    limits.end_lease("it")

    assert limits.take_lease("it")


@pytest.mark.django_db
def test_without_redis_everything_goes_on(without_redis: None) -> None:
    assert limits.count_wrong_code(network=NETWORK)
    assert limits.take_lease("it")
    assert not limits.take_lease("it")

    limits.end_lease("it")

    assert limits.take_lease("it")
