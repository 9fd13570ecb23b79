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


@dataclass(frozen=True, kw_only=True)
class HostProfile:
    """What everybody may read about a person on the pages of sessions they lead."""

    is_named_as_host: bool
    host_line_en: str
    host_line_nl: str


def keep(*, person: User, preferences: Preferences) -> None:
    """Saves what future mails follow; mails already in the outbox stay as they are (specs/calendar.md 3.12)."""
    person.calendar_preference, person.language = preferences.calendar, preferences.language
    person.wants_discreet_reminders, person.has_chosen_mail_language = preferences.wants_discreet_reminders, True
    columns = ["calendar_preference", "language", "wants_discreet_reminders", "has_chosen_mail_language"]
    person.save(update_fields=columns)


def forget_private_address(*, person: User) -> None:
    """Sends mails about discreet sessions to the ordinary address again. Idempotent."""
    person.private_email = ""
    person.save(update_fields=["private_email"])


def keep_host_profile(*, person: User, profile: HostProfile) -> None:
    """Shows or hides the person on the pages of sessions they lead, from now on."""
    for name in profile.__dataclass_fields__:
        setattr(person, name, getattr(profile, name))
    person.save(update_fields=list(profile.__dataclass_fields__))


def list_only_eligible(*, person: User) -> None:
    """Leaves sessions for other groups out of the lists that this person reads, until they want all again.
    Idempotent.
    """
    person.wants_only_eligible = True
    person.save(update_fields=["wants_only_eligible"])


def list_everything(*, person: User) -> None:
    """Lists sessions for other groups again, too. Idempotent."""
    person.wants_only_eligible = False
    person.save(update_fields=["wants_only_eligible"])
