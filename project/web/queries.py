"""Links to the page that somebody is on, with other values in its query."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict


def with_query(query: QueryDict, values: Mapping[str, str]) -> str:
    """Returns the query with these values set, or removed where they are empty: "?q=mind&kind=TRAINING". Empty if
    nothing is left.
    """
    changed = dict(query.lists()) | {name: [value] if value else [] for name, value in values.items()}
    encoded = urlencode(changed, doseq=True)
    return f"?{encoded}" if encoded else ""
