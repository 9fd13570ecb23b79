"""An organiser's own words for the mails of an event (product K7). The facts, the way back and the help block always stay the house's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from project.text import texts
from registrations.emails.custom_texts import PLACEHOLDERS, placeholders_of, unknown_placeholders
from registrations.models import Wording
from registrations.services.lock import lock_event
from registrations.services.mailing.previews import EDITABLE_KINDS, example_letter, example_session
from registrations.services.refusals import UnableToChange, legible

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from datetime import datetime
    from uuid import UUID

    from events.models import Event
    from project.accounts.models import User
    from project.outbox.emails import Letter

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LONGEST_SUBJECT, LONGEST_BODY = 150, 2000


@dataclass(frozen=True)
class Words:
    """A subject and a text in one language; an empty one leaves the house's."""

    subject: str = ""
    body: str = ""

    @property
    def are_empty(self) -> bool:
        return not (self.subject or self.body)


def save_words(*, event_key: UUID, kind: str, words: Mapping[str, Words], actor: User, now: datetime) -> None:
    """Sent from now on in this kind of mail of the event, by language; mails that are rendered already stay as they are.

    Raises `UnableToChange`: `no-such-mail`, `discreet` (specs/privacy.md 3), `unreadable`, `too-long`, `unknown-placeholder`.
    """
    tidied = {language: tidy(words.get(language, Words()), language) for language in LANGUAGES}
    with transaction.atomic(durable=True):
        event = lock_event(key=event_key)
        _refuse(event, kind, tidied)
        stored = {wording.language: wording for wording in Wording.objects.filter(event=event, kind=kind)}
        for language, said in tidied.items():
            _write(stored.get(language) or Wording(event=event, kind=kind, language=language), said, actor, now)


def reset_words(*, event_key: UUID, kind: str) -> None:
    """Back to the house's words, in all languages. Idempotent."""
    Wording.objects.filter(event__key=event_key, kind=kind).delete()


def preview_words(*, event: Event, kind: str, words: Mapping[str, Words], now: datetime) -> dict[str, Letter]:
    """The real mail in each language, to a person who does not exist, about the next date of the event. It writes nothing, and refuses
    the same.
    """
    tidied = {language: tidy(words.get(language, Words()), language) for language in LANGUAGES}
    _refuse(event, kind, tidied)
    session = example_session(event, now)
    return {
        language: example_letter(
            session, kind=kind, language=language, draft=Wording(subject=said.subject, body=said.body), now=now
        )
        for language, said in tidied.items()
    }


def stored_words(event: Event, kind: str) -> dict[str, Words]:
    """By language; only where there are own ones."""
    wordings = Wording.objects.filter(event=event, kind=kind)
    return {wording.language: Words(wording.subject, wording.body) for wording in wordings}


def tidy(words: Words, language: str) -> Words:
    """A subject is one line; a text has paragraphs (`project.text.texts`). Raises `UnableToChange`: `unreadable`."""
    return Words(
        legible(texts.line, words.subject, field=f"subject_{language}"),
        legible(texts.paragraphs, words.body, field=f"body_{language}"),
    )


def refuse_words(words: Words, language: str, known: Container[str] = PLACEHOLDERS.keys()) -> None:
    """Raises `UnableToChange`: `too-long`, `unknown-placeholder`."""
    for name, text, most in (("subject", words.subject, LONGEST_SUBJECT), ("body", words.body, LONGEST_BODY)):
        field = f"{name}_{language}"
        if len(text) > most:
            too_long = _("That is too long: %(most)d characters at most.")
            raise UnableToChange("too-long", too_long % {"most": most}, field=field)
        if unknown := unknown_placeholders(text, known):
            puzzling = _("We do not know %(placeholder)s. The list below says what can stand in braces.")
            raise UnableToChange("unknown-placeholder", puzzling % {"placeholder": unknown[0]}, field=field)


def _refuse(event: Event, kind: str, words: Mapping[str, Words]) -> None:
    if kind not in EDITABLE_KINDS:
        raise UnableToChange("no-such-mail", _("There is no such mail."))
    if event.is_discreet:
        raise UnableToChange(
            "discreet", _("The mails of a discreet event always say the same, so that they tell nothing.")
        )
    for language, said in words.items():
        refuse_words(said, language, placeholders_of(kind))


def _write(wording: Wording, said: Words, actor: User, now: datetime) -> None:
    if (wording.subject, wording.body) == (said.subject, said.body):
        return
    if said.are_empty:
        wording.delete()
        return
    wording.subject, wording.body = said.subject, said.body
    wording.changed_by, wording.changed_at = actor, now
    wording.save()
