from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.db import models


def in_reading_language(row: models.Model, field: str) -> str:
    """The text of a field in the reader's language, else in the other one (product C5)."""
    first, second = ("nl", "en") if (get_language() or "en").startswith("nl") else ("en", "nl")
    text: str = getattr(row, f"{field}_{first}") or getattr(row, f"{field}_{second}")
    return text
