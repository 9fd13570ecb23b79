"""The address that invites, and that receives the replies (specs/calendar.md R21 to R25)."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings

# of the 32 of a UID: enough to be unique, and the rest of the secret stays unknown to anybody who sees an
# address
LETTERS = 12
TOKEN = re.compile(f"[0-9a-f]{{{LETTERS}}}")


def organizer_of(uid: str) -> str:
    """Returns `MAIL_FROM`, or with `ICAL_ORGANIZER_TOKEN` an address for this entry alone. It is derived from the UID,
    so it is as stable.
    """
    if not settings.ICAL_ORGANIZER_TOKEN:
        return str(settings.MAIL_FROM)
    mailbox, _, domain = settings.MAIL_FROM.rpartition("@")
    return f"{mailbox}+{UUID(uid).hex[:LETTERS]}@{domain}"


def uids_of(address: str) -> tuple[UUID, UUID] | None:
    """Returns the first and the last UID that an address from `organizer_of` can belong to; None for other
    addresses.
    """
    token = address.rpartition("@")[0].rpartition("+")[2].lower()
    if not TOKEN.fullmatch(token):
        return None
    return UUID(token.ljust(32, "0")), UUID(token.ljust(32, "f"))
