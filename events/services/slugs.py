from __future__ import annotations

import re
import secrets

LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"  # nothing that can be taken for something else when read aloud
OPAQUE = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{6,20}")
LONGEST = 80
RESERVED = {"new"}  # `/organise/events/new/` is a page of its own
CHANCE = secrets.SystemRandom()


def opaque() -> str:
    """A slug that tells nothing, for discreet events (specs/privacy.md 3: opaque slug): ten letters and digits."""
    signs = CHANCE.choices(LETTERS, k=6) + CHANCE.choices(DIGITS, k=4)
    CHANCE.shuffle(signs)
    return "".join(signs)


def is_opaque(slug: str) -> bool:
    """Letters and digits mixed and no hyphens, so that it cannot be a title."""
    return bool(OPAQUE.fullmatch(slug))


def readable(wish: str, *, taken: set[str]) -> str:
    """The wish, shortened, or the wish with the first free number behind it."""
    stem = wish[: LONGEST - 6].strip("-") or "event"
    slug, number = stem, 1
    while slug in taken | RESERVED:
        number += 1
        slug = f"{stem}-{number}"
    return slug
