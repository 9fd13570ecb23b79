from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from project.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Preferences:
    calendar: str
    language: str
    wants_discreet_reminders: bool


def keep(*, person: User, preferences: Preferences) -> None:
    """Saves what future mails follow; mails already in the outbox stay as they are (specs/calendar.md 3.12)."""
    person.calendar_preference, person.language = preferences.calendar, preferences.language
    person.wants_discreet_reminders = preferences.wants_discreet_reminders
    person.save(update_fields=["calendar_preference", "language", "wants_discreet_reminders"])


def forget_private_address(*, person: User) -> None:
    """Sends mails about discreet sessions to the ordinary address again. Idempotent."""
    person.private_email = ""
    person.save(update_fields=["private_email"])
