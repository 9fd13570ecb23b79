from __future__ import annotations

from project.outbox.emails import ascii_address

HIDDEN = "•••"


def masked(address: str) -> str:
    """Shows enough of an address for its owner to recognise it, and too little to tell others: `a•••@example.org`."""
    mailbox, _at, domain = address.rpartition("@")
    return f"{mailbox[:1]}{HIDDEN}@{domain}"


def same_address(one: str, other: str) -> bool:
    """Ignores case and whether the domain is written in Unicode or in ASCII: calendars reply with either form."""
    return _in_one_form(one) == _in_one_form(other)


def _in_one_form(address: str) -> str:
    bare = address.strip().lower()
    try:
        return ascii_address(bare)
    except UnicodeError:
        return bare
