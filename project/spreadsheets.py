"""Tables to download, as CSV that Excel opens in columns, and as XLSX. No cell is ever taken for a formula (ASVS
1.2.10).
"""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from io import BytesIO, StringIO
from math import isfinite
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 2**53  # the largest whole number up to which a double is exact
MAX_COLUMNS, WIDTH = 20, 18  # a date that is wider than its column shows as ####
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # also in full width
STARTS_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Inside a cell: after anything that a program may take for the end of a cell.
BEGINS_AGAIN = re.compile(rf"([;,|\t\r\n\x0b\x0c\x85\u2028\u2029])(?=[ \u00a0]*[{SIGNS}])")


def plain_cell(value: object) -> str:
    """Returns a text that a spreadsheet shows as it is, with a quote in front of everything that begins like a
    formula.
    """
    text = str(value)
    words = text.lstrip()
    blanks = text[: len(text) - len(words)]
    disarmed = blanks + BEGINS_AGAIN.sub(r"\1'", words)
    return f"'{disarmed}" if words.startswith(STARTS_A_FORMULA) or blanks.startswith(("\t", "\r", "\n")) else disarmed


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Uses the separator that Excel expects in the reader's language, and quotes every cell, so that no other separator
    ends it.
    """
    file = StringIO()
    separator = ";" if _is_dutch() else ","
    writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + file.getvalue()).encode(errors="replace")


def as_xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    """Makes one sheet, with texts, numbers and dates of those types, and no name of an author. A sheet has no time
    zones: times are in `TIME_ZONE`, and headings should say so.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415  # takes 0.2 s to import; only downloads of a sheet should pay that

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet()
        heading, day, moment = (
            book.add_format(look)
            for look in ({"bold": True}, {"num_format": r"yyyy\-mm\-dd"}, {"num_format": r"yyyy\-mm\-dd\ hh:mm"})
        )
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if _is_number(cell):
                    sheet.write_number(number, column, cell)
                elif isinstance(cell, datetime):
                    sheet.write_datetime(number, column, _here(cell), moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    style = None if number else heading
                    sheet.write_string(number, column, str(cell).encode(errors="replace").decode(), style)
        sheet.set_column(0, MAX_COLUMNS, WIDTH)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def _csv_cell(cell: object) -> str:
    """Numbers cannot be formulas, and have the decimal comma for Dutch readers."""
    if isinstance(cell, datetime):
        return f"{_here(cell):%Y-%m-%d %H:%M}"
    if _is_number(cell):
        return str(cell).replace(".", ",") if _is_dutch() else str(cell)
    return plain_cell(cell)


def _is_number(cell: object) -> bool:
    """Returns whether a sheet can hold it as a number: a double (IEEE 754), in which larger whole numbers would lose
    digits.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return isfinite(cell) and (isinstance(cell, float) or abs(cell) <= LARGEST)


def _here(moment: datetime) -> datetime:
    """Returns the time in `TIME_ZONE`, without a time zone."""
    return timezone.make_naive(moment, timezone.get_default_timezone()) if timezone.is_aware(moment) else moment


def _is_dutch() -> bool:
    return (get_language() or "en").startswith("nl")
