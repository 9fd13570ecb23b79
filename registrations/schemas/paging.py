from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema

MAX_ROWS = 100
Rows = TypeVar("Rows", bound=QuerySet[Any])


class Page(Schema):
    """Which part of a list: `limit` rows after the first `offset`."""

    limit: int = Field(30, ge=1, le=MAX_ROWS, description="How many items to answer with.")
    offset: int = Field(0, ge=0, le=10_000, description="How many items to leave out from the start of the list.")

    def of(self, rows: Rows) -> Rows:
        return rows[self.offset : self.offset + self.limit]
