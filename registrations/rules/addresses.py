from __future__ import annotations

from project.outbox.emails import ascii_address

HIDDEN = "•••"


def masked(address: str) -> str:
    """As much as its owner needs to know it again, and nobody else learns: `a•••@example.org`."""
    mailbox, _at, domain = address.rpartition("@")
    return f"{mailbox[:1]}{HIDDEN}@{domain}"


def same_address(one: str, other: str) -> bool:
    """Whatever the case, and however the letters of the domain are written: calendars answer in either form."""
    return _in_one_form(one) == _in_one_form(other)


def _in_one_form(address: str) -> str:
    bare = address.strip().lower()
    try:
        return ascii_address(bare)
    except UnicodeError:
        return bare
