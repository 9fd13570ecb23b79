from __future__ import annotations

import pytest

from registrations.rules.addresses import masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [("somebody@example.org", "s•••@example.org"), ("s@example.org", "s•••@example.org"), ("", "•••@")],
)
def test_masked_shows_as_much_as_the_owner_needs(address, shown):
    assert masked(address) == shown
