"""Writes on a picture in our font, which consists of two files: Latin, and the rest of what is written in Latin
letters. Anything else (other scripts, emoji) is left out.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from PIL import ImageFont

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.ImageDraw import ImageDraw

FOLDER = Path(settings.BASE_DIR) / "project/static/vendor/figtree"
LATIN, EXTENDED = "figtree-latin.woff2", "figtree-latin-ext.woff2"
LATIN_TOO = frozenset((0x131, 0x152, 0x153, 0x2BB, 0x2BC, 0x2C6, 0x2DA, 0x2DC, 0x20AC, 0x2122, 0x2212, 0x2215))
MARKS = range(0x2010, 0x2028)  # dashes, quotation marks and the like
EXTENDED_RANGES = ((0x100, 0x24F), (0x1E00, 0x1EFF), (0x20A0, 0x20C0))
LAST_OF_LATIN = 0xFF
ELLIPSIS = "…"


class Letters:
    """Writes on one picture."""

    def __init__(self, canvas: ImageDraw) -> None:
        self._canvas = canvas

    def line(self, at: tuple[float, float], text: str, *, size: int, weight: int, colour: str) -> None:
        """Writes one line from `at`, which is half as high as a capital is."""
        x, y = at
        for file, run in _runs(text):
            font = _font(file, size, weight)
            self._canvas.text((x, y), run, font=font, fill=colour, anchor="lm")
            x += font.getlength(run)

    def wrapped(self, text: str, *, sizes: Sequence[tuple[int, int]], weight: int, width: int) -> tuple[int, list[str]]:
        """Returns the first of these sizes in which the text fits into so many lines, and the lines. What does not fit
        in the last one is cut off.
        """
        for size, most in sizes:
            lines = list(_lines(text, size=size, weight=weight, width=width))
            if len(lines) <= most:
                return size, lines
        size, most = sizes[-1]
        lines = list(_lines(text, size=size, weight=weight, width=width))
        last = lines[most - 1]
        while last and _length(last + ELLIPSIS, size, weight) > width:
            last = last[:-1].rstrip()
        return size, [*lines[: most - 1], last + ELLIPSIS]


def _drawable(text: str) -> str:
    return "".join(letter for letter in text if _file_of(letter))


def _lines(text: str, *, size: int, weight: int, width: int) -> Iterator[str]:
    line = ""
    for word in _drawable(text).split():
        longer = f"{line} {word}".strip()
        if _length(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            yield line
        *pieces, line = _pieces(word, size, weight, width)
        yield from pieces
    if line:
        yield line


def _pieces(word: str, size: int, weight: int, width: int) -> list[str]:
    """Cuts a word that is longer than a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and _length(pieces[-1] + letter, size, weight) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _length(text: str, size: int, weight: int) -> float:
    return sum(_font(file, size, weight).getlength(run) for file, run in _runs(text))


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for file, run in groupby(text, _file_of):
        if file:
            yield file, "".join(run)


def _file_of(letter: str) -> str:
    code = ord(letter)
    if letter.isprintable() and (code <= LAST_OF_LATIN or code in LATIN_TOO or code in MARKS):
        return LATIN
    return EXTENDED if any(first <= code <= last for first, last in EXTENDED_RANGES) else ""


@lru_cache(maxsize=32)
def _font(file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(FOLDER / file), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font
