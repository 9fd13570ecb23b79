from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from structlog.testing import capture_logs

from project.web import rate_limits
from project.web.rate_limits import Limit, network_of
from tests.factories import NOW

FEW = Limit(name="trial", most=3, seconds=60)


def test_count_refuses_beyond_the_limit_until_the_next_period():
    with time_machine.travel(NOW + timedelta(seconds=20), tick=False) as clock, capture_logs() as logs:
        assert [rate_limits.count(FEW, "somebody") for _ in range(5)] == [True, True, True, False, False]
        assert rate_limits.count(FEW, "somebody else")
        assert FEW.retry_after() == 40
        clock.shift(FEW.retry_after())
        assert rate_limits.count(FEW, "somebody")

    assert logs == [{"event": "limit_reached", "log_level": "warning", "limit": "trial"}]


def test_count_allows_a_request_when_the_counter_expires_meanwhile(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *_args, **_options: False)

    assert rate_limits.count(FEW, "somebody")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_network_of_an_address(address, network):
    assert network_of(address) == network
