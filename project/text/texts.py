"""Cleans up what people type before it is stored: `one_line` for one-line texts (names, titles, rooms, subjects),
`paragraphs` for longer ones. `leads_somewhere` says what the name of a person may not be, because strangers read it in
our mails.

Both normalise to NFC and turn every run of blanks, tabs and line ends into one blank (`paragraphs` keeps line ends).
Both drop invisible format characters (category Cf), such as zero-width ones and those that turn the reading direction,
except where scripts and emoji need a joiner inside a word. Control characters, surrogates, and private and unassigned
characters are refused, since nobody could say what was meant.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ZWNJ, ZWJ, BLACK_FLAG = "\u200c", "\u200d", "\U0001f3f4"
JOINERS = {ZWNJ, ZWJ}
TAGS = {chr(code) for code in range(0xE0020, 0xE0080)}  # after a black flag: the flag of a region (UTS 51, annex C)
# Format characters of Arabic and Syriac that are visible.
NUMBER_SIGNS = {*map(chr, range(0x0600, 0x0606)), "\u06dd", "\u070f", "\u08e2"}
FSI, PDI = "\u2068", "\u2069"
MARK = "\ue000\ue001\ue002"
MARKED = re.compile("\ue000([a-z]{2})\ue001([^\ue000-\ue002]*)\ue002")
BLANKS = re.compile("[\t\x1f]")
LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
MANY_LINE_ENDS = re.compile(r"\n{3,}")
BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f"}  # letters and signs that are drawn as nothing
SEEN = ("L", "N", "P", "S")
NO_TEXT = {"Cc", "Cs", "Co", "Cn"}

SCHEME = re.compile(r"\b[a-z][a-z0-9+-]+:[^\s]")
RUN = re.compile(r"[^\s,;()<>\"]+")
# What browsers read as the dot of a domain (UTS 46).
DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61\u2024\ufe52", "."))
TITLES = frozenset(
    re.findall(
        r"\w+", "prof dr drs ir ing mr mrs ms mag ds st jr sr em hc ph phd med rer nat sc eng bsc msc ba ma mba dhr mw"
    )
)
NO_PUBLIC_DOMAINS = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "onion", "lan", "home"})


class UnreadableText(ValueError):
    """What was typed contains characters that are not text. `text` may be shown beside the field."""

    def __init__(self, text: _StrPromise | str) -> None:
        super().__init__(str(text))
        self.text = text


def one_line(text: str) -> str:
    """Returns a one-line text as it is stored, or "" if nothing of it is visible. Raises `UnreadableText`."""
    kept = " ".join(_legible(LINE_ENDS.sub(" ", text)).split())
    return kept if is_visible(kept) else ""


def paragraphs(text: str) -> str:
    """Returns a text with line ends as it is stored, or "" if nothing of it is visible; an empty line begins a new
    paragraph. Raises `UnreadableText`.
    """
    lines = (_legible(BLANKS.sub(" ", each)).rstrip() for each in LINE_ENDS.sub("\n", text).split("\n"))
    kept = MANY_LINE_ENDS.sub("\n\n", "\n".join(lines)).strip()
    return kept if is_visible(kept) else ""


def nameable(name: str) -> str:
    """Returns a person's name for a text that strangers read, or "" if it holds an address or a link
    (`leads_somewhere`).

    Stored names may: those that the university account gave us did not go through our forms.
    """
    return "" if leads_somewhere(name) else name


def is_visible(text: str) -> bool:
    return any(unicodedata.category(sign).startswith(SEEN) and sign not in BLANK for sign in text)


def leads_somewhere(name: str) -> bool:
    """Returns whether a name holds an address, a link or a domain, which mail programs would turn into a link.

    "J.Jansen" and "Prof.dr.ir. Jansen" are names.
    """
    plain = unicodedata.normalize("NFKC", name).translate(DOTS).lower()
    return "@" in plain or bool(SCHEME.search(plain)) or any(_is_domain(run) for run in RUN.findall(plain))


def isolated(text: str) -> str:
    """Returns a text that can be put into a sentence of ours. If it has letters read from right to left, which would
    reorder the words around it, it is put between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX 9, 2.4.2);
    `project.text.prose` turns these into `<bdi>` in HTML.
    """
    turns = not text.isascii() and any(unicodedata.bidirectional(sign) in {"R", "AL", "AN"} for sign in text)
    return f"{FSI}{text}{PDI}" if turns else text


def in_language(text: str, language: str) -> str:
    """As `isolated`, and marks the text as being in `language` if that is not the language of the sentence around it
    (then "").

    The marks are private characters, which are refused in everything that people type. `project.text.prose` turns them
    into `lang` in HTML; `unmarked` removes them.
    """
    return f"{MARK[0]}{language}{MARK[1]}{isolated(text)}{MARK[2]}" if language else isolated(text)


def unmarked(text: str) -> str:
    return MARKED.sub(r"\2", text)


def _is_domain(run: str) -> bool:
    host, slash, _path = run.strip("'!?:.\u2019\u201c\u201d").partition("/")
    *before, last = host.partition(":")[0].split(".")
    if not before or not all(before) or not last:
        return bool(before and slash)
    is_initial = all((len(label) == 1 and label.isalpha()) or label in TITLES for label in before)
    if not is_initial:
        return True
    return bool(slash) or (last not in TITLES and last in _top_level_domains()) or last in NO_PUBLIC_DOMAINS


@cache
def _top_level_domains() -> frozenset[str]:
    from linkify_it.tlds import TLDS  # noqa: PLC0415  # read only where somebody types a dot

    return frozenset(name.lower() for name in TLDS)


def _legible(text: str) -> str:
    signs = unicodedata.normalize("NFC", text)
    if signs.isascii() and signs.isprintable():
        return signs
    if any(unicodedata.category(sign) in NO_TEXT and not sign.isspace() for sign in signs):
        raise UnreadableText(_("There is a control character here, or another sign that is no text. Remove it."))
    kept = "".join(sign for place, sign in enumerate(signs) if _is_kept(signs, place))
    return unicodedata.normalize("NFC", kept)


def _is_kept(signs: str, place: int) -> bool:
    sign = signs[place]
    if sign in JOINERS:
        return _joins(signs[place - 1 : place], signs[place + 1 : place + 2])
    if sign in TAGS:
        return signs[:place].rstrip("".join(TAGS)).endswith(BLACK_FLAG)
    return unicodedata.category(sign) != "Cf" or sign in NUMBER_SIGNS


def _joins(before: str, after: str) -> bool:
    """Returns whether a joiner between these two characters has a meaning: in a script that joins, or inside an emoji.
    Between Latin letters it is only invisible.
    """
    return bool(before and after) and all(_is_joinable(sign) for sign in (before, after))


def _is_joinable(sign: str) -> bool:
    category = unicodedata.category(sign)
    if category.startswith("M") or category in {"So", "Sk"}:
        return True
    return category == "Lo" or unicodedata.bidirectional(sign) == "AL"
