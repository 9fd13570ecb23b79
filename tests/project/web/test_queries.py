from __future__ import annotations

import pytest
from django.http import QueryDict

from project.web.queries import with_query


@pytest.mark.parametrize(
    ("query", "values", "expected"),
    [
        ("q=mind&kind=TRAINING", {"kind": "WORKSHOP"}, "?q=mind&kind=WORKSHOP"),
        ("q=mind&page=3", {"page": ""}, "?q=mind"),
        ("q=mind", {"from": "2026-12-01", "to": ""}, "?q=mind&from=2026-12-01"),
        ("a=1&a=2", {}, "?a=1&a=2"),
        ("q=caf%C3%A9+%26", {}, "?q=caf%C3%A9+%26"),
        ("page=2", {"page": ""}, ""),
        ("", {}, ""),
    ],
)
def test_a_link_has_the_query_with_other_values(query, values, expected):
    assert with_query(QueryDict(query), values) == expected
