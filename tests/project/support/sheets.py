"""Reads the workbooks that people download, as a spreadsheet program does."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring  # a file of our own
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells_of(workbook: bytes) -> list[list[str | float]]:
    """Returns the cells of the only sheet: texts as texts, numbers and dates as numbers."""
    book = ZipFile(BytesIO(workbook))
    texts = ["".join(item.itertext()) for item in _read(book, "sharedStrings").iter(f"{MAIN}si")]
    sheet = _read(book, "worksheets/sheet1")
    return [[_value(cell, texts) for cell in row.iter(f"{MAIN}c")] for row in sheet.iter(f"{MAIN}row")]


def formats_of(workbook: bytes) -> set[str]:
    """Returns the number formats of the workbook."""
    return set(re.findall(r'formatCode="([^"]*)"', ZipFile(BytesIO(workbook)).read("xl/styles.xml").decode()))


def _read(book: ZipFile, name: str) -> Element:
    return fromstring(book.read(f"xl/{name}.xml"))  # noqa: S314  # a file of our own


def _value(cell: Element, texts: list[str]) -> str | float:
    value = cell.findtext(f"{MAIN}v") or ""
    return texts[int(value)] if cell.get("t") == "s" else float(value)
