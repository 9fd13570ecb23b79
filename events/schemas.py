from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from project.spreadsheets import BYTE_ORDER_MARK, plain_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Initiative

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
        writer.writerow(plain_cell(cell) for cell in (initiative.slug, initiative.category, code, *texts))
    return file.getvalue()
