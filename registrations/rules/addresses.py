from __future__ import annotations

HIDDEN = "•••"


def masked(address: str) -> str:
    """As much as its owner needs to know it again, and nobody else learns: `a•••@example.org`."""
    mailbox, _at, domain = address.rpartition("@")
    return f"{mailbox[:1]}{HIDDEN}@{domain}"
