"""Texts as they are searched: words without case, accents and signs, so that people find what they mean and not what they typed.

Letters are decomposed (NFKD), folded (Unicode 15, 3.13, "Default Caseless Matching") and stripped of their marks; letters that have no
decomposition are written as people type them without them. What nobody sees is left out, and so are apostrophes of every kind. A word with
hyphens is found as one word and by its parts.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ĸ": "k",
    }
)
APOSTROPHES = frozenset(
    "'`\u00b4\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u05f3\ua78c\uff07"
)
HYPHENS = frozenset("-\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d")
HYPHEN = "-"
OF_A_WORD = ("L", "N", "Mc", "So")  # letters, figures, vowels of Indic scripts, and pictures
UNSEEN = ("Mn", "Me", "Cf")
FEWEST_LETTERS = 4  # of a word that may be a slip of the finger
SURELY_ONE, SURELY_TWO = 1, 2  # how many slips a word may have
LONG_WORD, PART_OF_A_WORD = 8, 6  # letters


class Term(NamedTuple):
    """A word that somebody looks for, and its parts where it was typed with hyphens."""

    word: str
    parts: tuple[str, ...] = ()


def terms(text: str) -> list[Term]:
    """What to look for, each word once."""
    return list(dict.fromkeys(_term(word) for word in _folded(text).split() if word.strip(HYPHEN)))


def words(text: str) -> set[str]:
    """What a text is found by: every word of it, and words with hyphens also by their parts."""
    return {form for term in terms(text) for form in (term.word, *term.parts)}


def has(haystack: str, term: Term) -> bool:
    """Whether a text of `words` has such a word, or one that holds it."""
    return term.word in haystack or (bool(term.parts) and all(part in haystack for part in term.parts))


def nearest(word: str, vocabulary: list[str]) -> list[str]:
    """The words, or beginnings of longer words, that somebody may have meant who mistyped `word`: one slip (a letter too many, too few,
    another, or two that changed places), two in a long word. Nothing for short words.
    """
    if len(word) < FEWEST_LETTERS:
        return []
    most = SURELY_TWO if len(word) >= LONG_WORD else SURELY_ONE
    letters = set(word)
    near: dict[int, set[str]] = {}
    for known in vocabulary:
        if len(known) < len(word) - most or len(letters.difference(known)) > most:
            continue
        if len(word) < PART_OF_A_WORD and len(known) > len(word) + most:
            continue
        slips, meant = _slips(word, known, may_go_on=len(word) >= PART_OF_A_WORD)
        if slips <= most and meant[:1] and (slips == 1 or meant[0] == word[0]):
            near.setdefault(slips, set()).add(meant)
    return sorted(near[min(near)]) if near else []


def _term(word: str) -> Term:
    parts = tuple(part for part in word.split(HYPHEN) if part)
    return Term("".join(parts), parts if len(parts) > 1 else ())


def _folded(text: str) -> str:
    plain = text.casefold() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(PLAIN))
    return "".join(map(_sign, plain))


def _sign(sign: str) -> str:
    if sign in APOSTROPHES:
        return ""
    if sign.isalnum():
        return sign
    if sign in HYPHENS:
        return HYPHEN
    category = unicodedata.category(sign)
    if category in UNSEEN:
        return ""
    return sign if category.startswith(OF_A_WORD) else " "


def _slips(word: str, known: str, *, may_go_on: bool) -> tuple[int, str]:
    """The fewest slips between a word and one that is known, or the beginning of it, and what was meant (optimal string alignment)."""
    known = known[: len(word) + SURELY_TWO] if may_go_on else known
    before: list[int] = []
    last = list(range(len(known) + 1))
    for place, letter in enumerate(word, start=1):
        row = [place]
        for other, sign in enumerate(known, start=1):
            least = min(last[other] + 1, row[other - 1] + 1, last[other - 1] + (letter != sign))
            if before and other > 1 and letter == known[other - 2] and word[place - 2] == sign:
                least = min(least, before[other - 2] + 1)
            row.append(least)
        before, last = last, row
    ends = range(len(known), 0, -1) if may_go_on else [len(known)]
    end = min(ends, key=lambda length: last[length])
    return last[end], known[:end]
