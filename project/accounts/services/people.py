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
    """The person behind an address, made on first sight; an address outside `MEMBER_DOMAINS` is a guest (contract.md, "Environment").

    Known and unknown addresses are treated alike, down to the statements, so nobody can find out who has an account. Two requests at once
    make one person.
    """
    email = address.strip().lower()
    User.objects.bulk_create([User(email=email, **_first_told(email, language, now))], ignore_conflicts=True)
    return User.objects.get(email=email)


def admit_alike(*, email: str, language: str, now: datetime) -> User:
    """As `admit`, in as many statements for an address that is known as for one that is not, so that time tells nothing either. An address
    that stands in for nobody can neither sign in nor get mail.
    """
    person = User(email=email, **_first_told(email, language, now))
    person.is_active = not person.is_stand_in
    User.objects.bulk_create([person], ignore_conflicts=True)
    return User.objects.get(email=email)


def _first_told(email: str, language: str, now: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {"language": language, "joined_at": now, "password": make_password(None)}
    if not is_member(email):
        told |= {"audience": Audience.GUEST, "audience_source": AudienceSource.CLAIM}
    return told


def introduce(*, person: User, name: str, unit: Unit | None, audience: str) -> None:
    """Writes down what a person says once, before the first seat. An audience told by others stays as it is.

    Raises `texts.UnreadableText`.
    """
    person.name, person.unit = texts.line(name), unit
    if person.audience_source in {"", AudienceSource.SELF}:
        person.audience, person.audience_source = audience, AudienceSource.SELF
    person.save(update_fields=["name", "unit", "audience", "audience_source"])


def prefer_language(*, person: User, language: str) -> None:
    """From now on mails are written in this language; those already written keep theirs."""
    person.language = language
    person.save(update_fields=["language"])
