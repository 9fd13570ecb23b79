"""The secret in the address of somebody's calendar feed (specs/calendar.md R51). Nothing of it is stored: it is made of the person's key,
the server's secret and a number that is raised to end it.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils.crypto import salted_hmac

from project.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY_BYTES, SECRET_BYTES = 16, 20  # 160 bits that nobody guesses, behind the key that says whose they are
LENGTH = (KEY_BYTES + SECRET_BYTES) * 4 // 3


def secret_of(person: User) -> str:
    return next(_secrets_of(person.key, person.feed_generation))


def find(secret: str) -> User | None:
    """Whose it is. Nobody's: forged, ended by `renew`, of somebody who left, or no secret at all; which of these takes as long to say."""
    key = _key_in(secret)
    person = User.objects.filter(key=key, is_active=True).first() if key else None
    wanted = _secrets_of(key or UUID(int=0), person.feed_generation if person else 0)
    fits = [hmac.compare_digest(one.encode(), secret.encode(errors="replace")) for one in wanted]
    return person if any(fits) else None


def renew(*, person: User) -> None:
    """Ends the address that was given out, everywhere it is known, and makes place for a new one."""
    User.objects.filter(pk=person.pk).update(feed_generation=F("feed_generation") + 1)
    person.refresh_from_db(fields=["feed_generation"])


def _secrets_of(key: UUID, generation: int) -> Iterator[str]:
    """First the one that is given out; those of former server secrets go on until these are taken away (`SECRET_KEY_FALLBACKS`)."""
    for server_secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        said = f"feed:{key}:{generation}"
        sealed = salted_hmac("accounts.feed", said, secret=server_secret, algorithm="sha256").digest()[:SECRET_BYTES]
        yield urlsafe_b64encode(key.bytes + sealed).decode()


def _key_in(secret: str) -> UUID | None:
    if len(secret) != LENGTH or not secret.isascii():
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(secret)[:KEY_BYTES])
    except (binascii.Error, ValueError):
        return None
