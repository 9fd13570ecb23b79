from __future__ import annotations

import pytest

from events.rules import leads_back_to


@pytest.mark.parametrize(
    ("prerequisites", "is_ring"),
    [
        ({}, False),
        ({"b": "c"}, False),
        ({"b": "a"}, True),
        ({"b": "c", "c": "a"}, True),
        ({"b": "c", "c": "b"}, False),
        ({"a": "b"}, False),
    ],
)
def test_leads_back_to_finds_a_circle_and_ends(prerequisites: dict[str, str], *, is_ring: bool) -> None:
    assert leads_back_to("a", "b", prerequisites) == is_ring


def test_leads_back_to_finds_the_event_itself() -> None:
    assert leads_back_to("a", "a", {})
