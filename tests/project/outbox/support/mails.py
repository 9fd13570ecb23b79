"""Makes mails in the outbox as the application does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from project.outbox.models import Message
from project.outbox.services.messages import draft, enqueue
from tests.factories import NOW, make_person, make_session

if TYPE_CHECKING:
    from uuid import UUID


def a_code_mail(**overrides: Any) -> Message:
    return _a_mail("sign-in-code", make_person().key, {"code": "ABC-DEF"}, overrides)


def a_mail(**overrides: Any) -> Message:
    """Makes a mail that is not out of date for ten days, so that it can be tried for long."""
    return _a_mail("dates-announced", make_session().event.key, {}, overrides)


def _a_mail(kind: str, subject_id: UUID, facts: dict[str, Any], overrides: dict[str, Any]) -> Message:
    message = draft(kind=kind, recipient=make_person(), subject_id=subject_id, facts=facts, now=NOW)
    for field, value in overrides.items():
        setattr(message, field, value)
    enqueue([message])
    return Message.objects.latest("pk")
