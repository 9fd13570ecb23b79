"""Every table that is handed out, as CSV that Excel opens in columns, and as XLSX. No cell ever computes (ASVS 1.2.10)."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # also in full width
STARTS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Inside a cell: after whatever a program may take for its end.
BEGINS_AGAIN = re.compile(rf"([;,|\t\r\n\x0b\x0c\x85\u2028\u2029])(?=[ \u00a0]*[{SIGNS}])")


def plain_cell(value: object) -> str:
    """Text that a spreadsheet shows and never computes: a quote in front of what begins like a formula."""
    text = str(value)
    words = text.lstrip()
    blanks = text[: len(text) - len(words)]
    disarmed = blanks + BEGINS_AGAIN.sub(r"\1'", words)
    return f"'{disarmed}" if words.startswith(STARTS_A_FORMULA) or blanks.startswith(("\t", "\r", "\n")) else disarmed


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """With the separator that Excel expects in the reader's language. Every cell is in quotes, so that no other separator ends it."""
    file = StringIO()
    separator = ";" if (get_language() or "en").startswith("nl") else ","
    writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + file.getvalue()).encode(errors="replace")


def as_xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet. Texts stay texts, numbers stay numbers, and the file does not say who made it."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # 0.2 s of import that only who downloads a sheet should pay

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                style = heading if number == 0 else None
                if isinstance(cell, int | float):
                    sheet.write_number(number, column, cell, style)
                else:
                    sheet.write_string(number, column, str(cell).encode(errors="replace").decode(), style)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
