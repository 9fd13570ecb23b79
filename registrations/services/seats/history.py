from __future__ import annotations

from typing import TYPE_CHECKING

from project.database.prepared import PreparedInsert
from registrations.models import Registration, RegistrationLog

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from project.accounts.models import User
    from registrations.enums import Action

_insert = PreparedInsert(RegistrationLog)


def record(
    registrations: Iterable[Registration], *, action: Action, actor: User | None, now: datetime, reason: str = ""
) -> None:
    """One log row per registration, in one statement; `actor` is empty where the house itself acted."""
    write([entry(registration, action, actor, now, reason) for registration in registrations])


def entry(
    registration: Registration, action: Action, actor: User | None, now: datetime, reason: str = ""
) -> RegistrationLog:
    """A row not yet written, for verbs that write several kinds at once."""
    return RegistrationLog(
        registration=registration, at=now, actor=actor, action=action, status=registration.status, reason=reason
    )


def write(entries: Iterable[RegistrationLog]) -> None:
    _insert(list(entries))


def story(registration: Registration) -> list[RegistrationLog]:
    """What happened to a claim, from its beginning: the answer to "why do I not have a seat?"."""
    return list(RegistrationLog.objects.filter(registration=registration))
