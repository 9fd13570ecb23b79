"""How texts are searched: by words without case, accents and punctuation.

Letters are decomposed (NFKD), case-folded (Unicode 15, 3.13, "Default Caseless Matching") and stripped of their marks.
Letters without a decomposition (`PLAIN`) become what people type instead. Invisible characters and apostrophes of every
kind are left out. A word with hyphens is found as one word and by its parts.
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
OF_A_WORD = ("L", "N", "Mc", "So")  # categories: letters, digits, vowels of Indic scripts, and pictures
UNSEEN = ("Mn", "Me", "Cf")
FEWEST_LETTERS = 4  # of a word that may be corrected
TYPOS, TYPOS_IN_LONG_WORD = 1, 2  # at most
ALIKE = 0.35  # the share of pieces from which on words look alike; pg_trgm's own 0.3 finds too much in short words
LONG_WORD, PART_OF_A_WORD = 8, 6  # letters: from here on two typos, and beginnings of longer words


class Term(NamedTuple):
    """A word to search for, and its parts if it was typed with hyphens."""

    word: str
    parts: tuple[str, ...] = ()


def terms(text: str) -> list[Term]:
    """Returns the words to search for, each once, in the order of the text."""
    return list(dict.fromkeys(_term(word) for word in _folded(text).split() if word.strip(HYPHEN)))


def words(text: str) -> set[str]:
    """Returns the words by which a text is found: all of them, and the parts of those with hyphens."""
    return {form for term in terms(text) for form in (term.word, *term.parts)}


def has(haystack: str, term: Term) -> bool:
    """Returns whether `haystack`, a text of folded words, contains the term, also within a longer word."""
    return term.word in haystack or (bool(term.parts) and all(part in haystack for part in term.parts))


def nearest(word: str, vocabulary: list[str]) -> list[str]:
    """Returns the words of the vocabulary, or beginnings of longer ones, that somebody who mistyped `word` may have
    meant.

    Allows one typo (a letter too many, missing or replaced, or two swapped), and two in a long word. Empty for short
    words.
    """
    if len(word) < FEWEST_LETTERS:
        return []
    most = TYPOS_IN_LONG_WORD if len(word) >= LONG_WORD else TYPOS
    letters = set(word)
    near: dict[int, set[str]] = {}
    for known in vocabulary:
        if len(known) < len(word) - most or len(letters.difference(known)) > most:
            continue
        if len(word) < PART_OF_A_WORD and len(known) > len(word) + most:
            continue
        typos, meant = _typos(word, known, may_go_on=len(word) >= PART_OF_A_WORD)
        if typos <= most and meant[:1] and (typos == 1 or meant[0] == word[0]):
            near.setdefault(typos, set()).add(meant)
    return sorted(near[min(near)]) if near else []


def similar(word: str, vocabulary: list[str]) -> list[str]:
    """Returns the words of the vocabulary that look like `word`, the most alike first.

    Measured as PostgreSQL's `pg_trgm` does: the share of the three-letter pieces that both have, at least `ALIKE`. Here
    and not there, so that every database finds the same.
    """
    pieces = _trigrams(word)
    shares = ((_share(pieces, _trigrams(known)), known) for known in vocabulary)
    return [known for share, known in sorted(shares, key=lambda each: (-each[0], each[1])) if share >= ALIKE]


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _share(one: set[str], other: set[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


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


def _typos(word: str, known: str, *, may_go_on: bool) -> tuple[int, str]:
    """Returns the distance between a word and a known one, and what was meant (optimal string alignment).

    With `may_go_on` that is the nearest beginning of the known word, else all of it.
    """
    known = known[: len(word) + TYPOS_IN_LONG_WORD] if may_go_on else known
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
