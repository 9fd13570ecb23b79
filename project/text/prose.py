"""Texts that people wrote, as HTML: paragraphs, simple lists and links, and nothing else. The same on pages and in
mails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from project.text.texts import FSI, MARKED, PDI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linkify_it import LinkifyIt

FOLLOWED = ("https:", "http:", "mailto:")
SIGNS_OF_AN_ADDRESS = (
    "//",
    "@",
    "www.",
    "mailto:",
)  # a text without any of these is not given to the library, which is slow
QUOTES = re.compile('["\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a<>]')  # never part of an address
CLOSING = "'\u2018\u2019.,;:!?\u2026"
POINTS = ("* ", "- ", "\u2022 ", "\u2013 ")


@dataclass(frozen=True)
class Look:
    """Attributes of the elements, since mail programs ignore style sheets."""

    paragraph: SafeString
    list: SafeString
    link: SafeString


PAGE = Look(paragraph=SafeString(""), list=SafeString(""), link=SafeString(""))
MAIL = Look(
    paragraph=SafeString(' style="margin:0 0 16px"'),
    list=SafeString(' style="margin:0 0 16px;padding-left:24px"'),
    link=SafeString(' class="accent" style="color:#0b5c60"'),
)


def is_point(line: str) -> bool:
    """Returns whether a line is an item of a list."""
    return line.lstrip().startswith(POINTS)


def as_html(text: str, look: Look = PAGE, inline: Callable[[str], SafeString] | None = None) -> SafeString:
    """Returns paragraphs and lists. `inline` renders the text of a line, by default with links (`linked`)."""
    write = inline or (lambda line: linked(line, look))
    return format_html_join("\n", "{}", ((_block(block, look, write),) for block in _blocks(text)))


def linked(text: str, look: Look = PAGE) -> SafeString:
    """Returns the text escaped, with every address (https, http, mailto; also www.… and bare mail addresses) as a
    link.
    """
    return format_html_join("", "{}", ((_piece(shown, address, look),) for shown, address in _pieces(text)))


def with_isolates(text: str) -> SafeString:
    """Returns the text escaped, with `<bdi>` for what `texts.isolated` marked and `lang` for what `texts.in_language`
    did.
    """
    shown = escape(text)
    if shown.isascii():  # as nearly every text is: without any mark
        return shown
    shown = SafeString(shown.replace(FSI, "<bdi>").replace(PDI, "</bdi>"))
    return SafeString(MARKED.sub(r'<span lang="\1">\2</span>', shown))


def link(address: str, shown: str, look: Look = PAGE) -> SafeString:
    return format_html('<a{} dir="auto" href="{}">{}</a>', look.link, address, shown)


def _blocks(text: str) -> Iterator[list[str]]:
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in paragraph.split("\n") if line.strip()]
        for _, block in groupby(lines, key=is_point):
            yield list(block)


def _block(lines: list[str], look: Look, write: Callable[[str], SafeString]) -> SafeString:
    if is_point(lines[0]):
        points = format_html_join("", "<li>{}</li>", ((write(line.lstrip()[2:].strip()),) for line in lines))
        return format_html('<ul{} dir="auto">{}</ul>', look.list, points)
    broken = format_html_join(mark_safe("<br>"), "{}", ((write(line.strip()),) for line in lines))
    return format_html('<p{} dir="auto">{}</p>', look.paragraph, broken)


def _piece(shown: str, address: str, look: Look) -> SafeString:
    return link(address, shown, look) if address else with_isolates(shown)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yields pieces of the text, each with the address it links to, or ""."""
    end = 0
    for found in _found(text):
        shown = _without_quotes(found.text)
        address = _address(found.schema, shown)
        if address:
            yield text[end : found.index], ""
            yield shown, address
            end = found.index + len(shown)
    yield text[end:], ""


def _found(text: str) -> list[Any]:
    if not any(sign in text.lower() for sign in SIGNS_OF_AN_ADDRESS):
        return []
    return _linkifier().match(text) or []


def _without_quotes(shown: str) -> str:
    """Cuts an address at the first quotation mark: the library takes all but straight ones for a part of it."""
    return QUOTES.split(shown, maxsplit=1)[0].rstrip(CLOSING)


def _address(schema: str, shown: str) -> str:
    """Returns the address to link to, or "". Without a scheme only mail addresses and `www.` count: "e.g.This" is no
    link.
    """
    if not schema:
        return f"https://{shown}" if shown.lower().startswith("www.") else ""
    if schema == "mailto:" and not shown.lower().startswith(schema):
        return f"mailto:{shown}"
    scheme, colon, rest = shown.partition(":")
    return scheme.lower() + colon + rest if scheme.lower() + colon in FOLLOWED else ""


@cache
def _linkifier() -> LinkifyIt:
    from linkify_it import LinkifyIt  # noqa: PLC0415  # takes 0.1 s to import; only texts with an address should pay that

    return LinkifyIt().add("ftp:", None).add("//", None)
