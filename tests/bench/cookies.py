"""Makes session cookies of signed-in people, as signing in does, for any Django project."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser


def sign_in(people: Sequence[AbstractBaseUser]) -> list[str]:
    """Returns one cookie for each person, in the same order."""
    ends_at = timezone.now() + timedelta(hours=1)
    keys = [get_random_string(32, VALID_KEY_CHARS) for _ in people]
    said = [SessionStore().encode(_session_of(person)) for person in people]
    rows = [
        Session(session_key=key, session_data=data, expire_date=ends_at) for key, data in zip(keys, said, strict=True)
    ]
    Session.objects.bulk_create(rows)
    return [f"{settings.SESSION_COOKIE_NAME}={key}" for key in keys]


def _session_of(person: AbstractBaseUser) -> dict[str, str]:
    backend = settings.AUTHENTICATION_BACKENDS[0]
    auth_hash = person.get_session_auth_hash()
    return {SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: auth_hash}
