"""The secret in the address of a person's calendar feed (specs/calendar.md R51).

It is not stored: it is an HMAC, with the server's secret, of the person's key and a number that is raised to revoke it.
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

KEY_BYTES, SECRET_BYTES = 16, 20  # the person's key, then 160 bits that cannot be guessed
LENGTH = (KEY_BYTES + SECRET_BYTES) * 4 // 3


def secret_of(person: User) -> str:
    return next(_secrets_of(person.key, person.feed_generation))


def find(secret: str) -> User | None:
    """Returns whose feed a secret opens. None if it is forged, malformed, revoked by `renew`, or its owner is inactive;
    all of these take equally long, so that timing tells nothing.
    """
    key = _key_in(secret)
    person = User.objects.filter(key=key, is_active=True).first() if key else None
    wanted = _secrets_of(key or UUID(int=0), person.feed_generation if person else 0)
    fits = [hmac.compare_digest(one.encode(), secret.encode(errors="replace")) for one in wanted]
    return person if any(fits) else None


def renew(*, person: User) -> None:
    """Revokes the person's current feed address; `secret_of` returns a new one from now on."""
    User.objects.filter(pk=person.pk).update(feed_generation=F("feed_generation") + 1)
    person.refresh_from_db(fields=["feed_generation"])


def _secrets_of(key: UUID, generation: int) -> Iterator[str]:
    """Yields the secret we give out, then those made with former server secrets, valid until `SECRET_KEY_FALLBACKS`
    drops them.
    """
    for server_secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        signed = f"feed:{key}:{generation}"
        digest = salted_hmac("accounts.feed", signed, secret=server_secret, algorithm="sha256").digest()[:SECRET_BYTES]
        yield urlsafe_b64encode(key.bytes + digest).decode()


def _key_in(secret: str) -> UUID | None:
    if len(secret) != LENGTH or not secret.isascii():
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(secret)[:KEY_BYTES])
    except (binascii.Error, ValueError):
        return None
