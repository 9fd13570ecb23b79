from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Initiative

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = ("slug", "category", "unit", "title_en", "title_nl", "summary_en", "summary_nl", "link")


def initiatives_sheet(initiatives: Iterable[Initiative]) -> str:
    """The overview for the Student Portal: stable codes, and all texts in both languages whatever the reader's own."""
    file = StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for initiative in initiatives:
        code = initiative.unit.code if initiative.unit else ""
        texts = [str(getattr(initiative, column)) for column in COLUMNS[3:]]
        writer.writerow(as_text(cell) for cell in (initiative.slug, initiative.category, code, *texts))
    return file.getvalue()


def as_text(cell: str) -> str:
    """A spreadsheet takes what begins like a formula for one; a quote in front makes it text (OWASP, "CSV injection")."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
