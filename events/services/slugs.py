from __future__ import annotations

import re
import secrets

LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"  # no signs that are easily confused when read aloud
OPAQUE = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{6,20}")
LONGEST = 80
RESERVED = {"new"}  # `/organise/events/new/` is a page of its own
CHANCE = secrets.SystemRandom()


def opaque() -> str:
    """Returns a random slug of ten letters and digits, for discreet events (specs/privacy.md 3: opaque slug)."""
    signs = CHANCE.choices(LETTERS, k=6) + CHANCE.choices(DIGITS, k=4)
    CHANCE.shuffle(signs)
    return "".join(signs)


def is_opaque(slug: str) -> bool:
    """Returns whether it mixes letters and digits without hyphens, so that it cannot be a title."""
    return bool(OPAQUE.fullmatch(slug))


def readable(preferred: str, *, taken: set[str]) -> str:
    """Returns the preferred slug, shortened, followed by the first free number if it is taken."""
    stem = preferred[: LONGEST - 6].strip("-") or "event"
    slug, number = stem, 1
    while slug in taken | RESERVED:
        number += 1
        slug = f"{stem}-{number}"
    return slug
