"""What people wrote, made safe for a calendar object: the library lets control characters and quotes through
(specs/calendar.md 6).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote

IN_MAILTO = "@!$&'*+,;=:()"  # beside letters, digits and "-._~"
LONGEST_SUMMARY = 255
LONGEST_DESCRIPTION = 1500
NEW_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")  # what some parsers take for the end of a line
UNPRINTABLE = {"Cc", "Cs"}  # control characters, and halves of characters, which UTF-8 cannot say


def plain(text: str) -> str:
    """No control characters, and line feeds only (specs/calendar.md R13)."""
    lines = NEW_LINES.sub("\n", text)
    kept = (letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in UNPRINTABLE)
    return "".join(kept).strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def summary(text: str) -> str:
    return one_line(text)[:LONGEST_SUMMARY]


def description(text: str, *, ending: str = "") -> str:
    """Cut to what every client keeps (R14); the ending, a link that people need, is never what is lost."""
    end = f"\n\n{plain(ending)}" if ending else ""
    return (plain(text)[: LONGEST_DESCRIPTION - len(end)] + end).strip()


def name(text: str) -> str:
    """Of a person or an organisation, for CN: the library writes quotes and carets with another caret, as RFC 6868
    says, and Outlook and Gmail show that as it is (R15).
    """
    return one_line(text).replace('"', "").replace("^", "")


def link(url: str) -> str:
    """Written raw by the library, so a blank or a line break in it would be a property of its own (specs/calendar.md 6,
    row 8).
    """
    return "".join(one_line(url).split())


def mailto(address: str) -> str:
    """As a URI: what has a meaning of its own there is percent-encoded (RFC 6068 2). The domain has ASCII letters only
    (`ascii_address`).
    """
    return f"mailto:{quote(link(address), safe=IN_MAILTO)}"


def escaped(text: str) -> Any:
    """For properties that the library does not know: it escapes them only when they come as text (specs/calendar.md 6,
    row 2).
    """
    from icalendar import vText  # noqa: PLC0415  # 0.2 s of import that only who makes calendar objects should pay

    return vText(text)
