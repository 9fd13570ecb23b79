from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.db import models


def in_reading_language(row: models.Model, field: str) -> str:
    """Returns the text of a field in the reader's language, else in the other one (product C5)."""
    first, second = _languages()
    text: str = getattr(row, f"{field}_{first}") or getattr(row, f"{field}_{second}")
    return text


def other_language(row: Any, field: str) -> str:
    """Returns the language of what `in_reading_language` returns if it is not the reader's, for `lang`; else "".

    A session without a title uses that of its event.
    """
    first, second = _languages()
    if getattr(row, f"{field}_{first}"):
        return ""
    if getattr(row, f"{field}_{second}"):
        return second
    event = getattr(row, "event", None)
    return other_language(event, field) if event else ""


def _languages() -> tuple[str, str]:
    return ("nl", "en") if (get_language() or "en").startswith("nl") else ("en", "nl")
