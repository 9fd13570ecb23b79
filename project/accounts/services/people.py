from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password

from project.accounts.enums import Audience, AudienceSource
from project.accounts.models import Unit, User
from project.accounts.rules import is_member
from project.text import texts

if TYPE_CHECKING:
    from datetime import datetime


def admit(*, address: str, language: str, now: datetime) -> User:
    """Returns the person with this address, created on first sight; one outside `MEMBER_DOMAINS` is a guest
    (contract.md, "Environment").

    Known and unknown addresses take the same statements, so that nobody can find out who has an account. Two requests
    at the same time make one person.
    """
    email = address.strip().lower()
    User.objects.bulk_create([User(email=email, **_first_values(email, language, now))], ignore_conflicts=True)
    return User.objects.get(email=email)


def admit_alike(*, email: str, language: str, now: datetime) -> User:
    """As `admit`, for an address that may also be a stand-in (`User.is_stand_in`). Takes as many statements for that as
    for a real one, so that timing tells nothing. A stand-in is inactive: it can neither sign in nor get mail.
    """
    person = User(email=email, **_first_values(email, language, now))
    person.is_active = not person.is_stand_in
    User.objects.bulk_create([person], ignore_conflicts=True)
    return User.objects.get(email=email)


def _first_values(email: str, language: str, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"language": language, "joined_at": now, "password": make_password(None)}
    if not is_member(email):
        values |= {"audience": Audience.GUEST, "audience_source": AudienceSource.CLAIM}
    return values


def introduce(*, person: User, name: str, unit: Unit | None, audience: str) -> None:
    """Saves what a person tells us once, at the first seat. An audience that others set is left as it is.

    Raises `texts.UnreadableText`.
    """
    person.name, person.unit = texts.one_line(name), unit
    if person.audience_source in {"", AudienceSource.SELF}:
        person.audience, person.audience_source = audience, AudienceSource.SELF
    person.save(update_fields=["name", "unit", "audience", "audience_source"])


def prefer_language(*, person: User, language: str) -> None:
    """Sets the language of future mails, or keeps it; mails already in the outbox keep theirs. We do not ask again."""
    person.language, person.has_chosen_mail_language = language, True
    person.save(update_fields=["language", "has_chosen_mail_language"])
