from __future__ import annotations

from typing import TYPE_CHECKING

from project.outbox.emails import ascii_address

if TYPE_CHECKING:
    from events.models import Event
    from project.accounts.models import User

HIDDEN = "•••"


def masked(address: str) -> str:
    """As much as its owner needs to know it again, and nobody else learns: `a•••@example.org`."""
    mailbox, _at, domain = address.rpartition("@")
    return f"{mailbox[:1]}{HIDDEN}@{domain}"


def mail_address_of(person: User, event: Event) -> str:
    """Where mails about an event go: discreet ones to the private address, if the person gave and confirmed one (specs/privacy.md 3).

    Codes to sign in always go to `email`, which is who somebody is.
    """
    return (event.is_discreet and person.private_email) or person.email


def same_address(one: str, other: str) -> bool:
    """Whatever the case, and however the letters of the domain are written: calendars answer in either form."""
    return _in_one_form(one) == _in_one_form(other)


def _in_one_form(address: str) -> str:
    bare = address.strip().lower()
    try:
        return ascii_address(bare)
    except UnicodeError:
        return bare
