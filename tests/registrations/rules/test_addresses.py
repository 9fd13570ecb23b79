from __future__ import annotations

import pytest

from registrations.rules.addresses import masked, same_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [("somebody@example.org", "s•••@example.org"), ("s@example.org", "s•••@example.org"), ("", "•••@")],
)
def test_masked_shows_as_much_as_the_owner_needs(address, shown):
    assert masked(address) == shown


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ann@Example.org", "ann@example.ORG ", True),
        ("ann@bücher.example", "ann@xn--bcher-kva.example", True),
        ("ann@example.org", "ann@example.com", False),
        ("", "", True),
        ("ann@" + "é" * 300, "ann@example.org", False),
    ],
)
def test_same_address(one, other, expected):
    assert same_address(one, other) is expected
