from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Initiative

COLUMNS = ("slug", "category", "unit", "title_en", "title_nl", "summary_en", "summary_nl", "link")


def initiatives_sheet(initiatives: Iterable[Initiative]) -> list[tuple[str, ...]]:
    """The overview for the Student Portal: stable codes, and all texts in both languages."""
    return [COLUMNS, *(_row(initiative) for initiative in initiatives)]


def _row(initiative: Initiative) -> tuple[str, ...]:
    code = initiative.unit.code if initiative.unit else ""
    return (initiative.slug, initiative.category, code, *(str(getattr(initiative, column)) for column in COLUMNS[3:]))
