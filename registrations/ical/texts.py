"""Makes user input safe for a calendar object: the library lets control characters and quotes through
(specs/calendar.md 6).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote

IN_MAILTO = "@!$&'*+,;=:()"  # besides letters, digits and "-._~"
LONGEST_SUMMARY = 255
LONGEST_DESCRIPTION = 1500
NEW_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")  # what some parsers treat as a line break
UNPRINTABLE = {"Cc", "Cs"}  # control characters, and surrogates, which UTF-8 cannot encode


def plain(text: str) -> str:
    """Removes control characters, and leaves only line feeds as line breaks (specs/calendar.md R13)."""
    lines = NEW_LINES.sub("\n", text)
    kept = (letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in UNPRINTABLE)
    return "".join(kept).strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def summary(text: str) -> str:
    return one_line(text)[:LONGEST_SUMMARY]


def description(text: str, *, ending: str = "") -> str:
    """Cuts the text to what every client keeps (R14), but never the ending, which is a link that people need."""
    end = f"\n\n{plain(ending)}" if ending else ""
    return (plain(text)[: LONGEST_DESCRIPTION - len(end)] + end).strip()


def name(text: str) -> str:
    """The name of a person or an organisation, for CN: the library escapes quotes and carets with a caret, as RFC 6868
    says, and Outlook and Gmail show that literally (R15).
    """
    return one_line(text).replace('"', "").replace("^", "")


def link(url: str) -> str:
    """The library writes it unescaped, so a blank or a line break in it would start another property (specs/calendar.md
    6, row 8).
    """
    return "".join(one_line(url).split())


def mailto(address: str) -> str:
    """As a URI: reserved characters are percent-encoded (RFC 6068 2). The domain has only ASCII letters
    (`ascii_address`).
    """
    return f"mailto:{quote(link(address), safe=IN_MAILTO)}"


def escaped(text: str) -> Any:
    """For properties unknown to the library: it escapes them only if they are given as text (specs/calendar.md 6, row
    2).
    """
    from icalendar import vText  # noqa: PLC0415  # 0.2 s of import that only who makes calendar objects should pay

    return vText(text)
