"""An organiser's own texts in the mails of an event (product K7). The facts, the link to give a seat back and the help
block always stay ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from events.services.refusals import UnableToChange, legible
from project.text.texts import one_line, paragraphs
from registrations.emails.wording.custom_texts import PLACEHOLDERS, placeholders_of, unknown_placeholders
from registrations.models import CustomText
from registrations.services.lock import lock_event
from registrations.services.mailing.previews import EDITABLE_KINDS, example_letter, example_session

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
class SubjectAndBody:
    """A subject and a body in one language; if one is empty, ours is used."""

    subject: str = ""
    body: str = ""

    @property
    def are_empty(self) -> bool:
        return not (self.subject or self.body)


def save_custom_text(
    *, event_key: UUID, kind: str, texts: Mapping[str, SubjectAndBody], actor: User, now: datetime
) -> None:
    """Stores the texts, by language, for this kind of mail of the event. Mails that have been rendered already do not
    change.

    Raises `UnableToChange`: `no-such-mail`, `discreet` (specs/privacy.md 3), `unreadable`, `too-long`,
    `unknown-placeholder`.
    """
    tidied = {language: tidy(texts.get(language, SubjectAndBody()), language) for language in LANGUAGES}
    with transaction.atomic(durable=True):
        event = lock_event(key=event_key)
        _refuse_texts(event, kind, tidied)
        stored = {
            custom_text.language: custom_text for custom_text in CustomText.objects.filter(event=event, kind=kind)
        }
        for language, text in tidied.items():
            _write(stored.get(language) or CustomText(event=event, kind=kind, language=language), text, actor, now)


def reset_custom_text(*, event_key: UUID, kind: str) -> None:
    """Deletes the texts in all languages, so that ours are sent again. Idempotent."""
    CustomText.objects.filter(event__key=event_key, kind=kind).delete()


def preview_custom_text(
    *, event: Event, kind: str, texts: Mapping[str, SubjectAndBody], now: datetime
) -> dict[str, Letter]:
    """Returns the real mail in each language, to a made-up person, about the next date of the event.

    Writes nothing, and refuses as `save_custom_text`.
    """
    tidied = {language: tidy(texts.get(language, SubjectAndBody()), language) for language in LANGUAGES}
    _refuse_texts(event, kind, tidied)
    session = example_session(event, now)
    return {
        language: example_letter(
            session, kind=kind, language=language, draft=CustomText(subject=text.subject, body=text.body), now=now
        )
        for language, text in tidied.items()
    }


def stored_custom_texts(event: Event, kind: str) -> dict[str, SubjectAndBody]:
    """Returns the texts by language, without the languages that have none."""
    custom_texts = CustomText.objects.filter(event=event, kind=kind)
    return {custom_text.language: SubjectAndBody(custom_text.subject, custom_text.body) for custom_text in custom_texts}


def tidy(text: SubjectAndBody, language: str) -> SubjectAndBody:
    """Cleans up both texts: a subject is one line, a body has paragraphs (`project.text.texts`). Raises
    `UnableToChange`: `unreadable`.
    """
    return SubjectAndBody(
        legible(one_line, text.subject, field=f"subject_{language}"),
        legible(paragraphs, text.body, field=f"body_{language}"),
    )


def refuse_unsendable(written: SubjectAndBody, language: str, known: Container[str] = PLACEHOLDERS.keys()) -> None:
    """Raises `UnableToChange`: `too-long`, `unknown-placeholder`."""
    for name, text, most in (("subject", written.subject, LONGEST_SUBJECT), ("body", written.body, LONGEST_BODY)):
        field = f"{name}_{language}"
        if len(text) > most:
            too_long = _("That is too long: %(most)d characters at most.")
            raise UnableToChange("too-long", too_long % {"most": most}, field=field)
        if unknown := unknown_placeholders(text, known):
            puzzling = _("We do not know %(placeholder)s. The list below says what can stand in braces.")
            raise UnableToChange("unknown-placeholder", puzzling % {"placeholder": unknown[0]}, field=field)


def _refuse_texts(event: Event, kind: str, texts: Mapping[str, SubjectAndBody]) -> None:
    if kind not in EDITABLE_KINDS:
        raise UnableToChange("no-such-mail", _("There is no such email."))
    if event.is_discreet:
        raise UnableToChange(
            "discreet", _("The emails of a discreet event always say the same, so that they tell nothing.")
        )
    for language, text in texts.items():
        refuse_unsendable(text, language, placeholders_of(kind))


def _write(custom_text: CustomText, text: SubjectAndBody, actor: User, now: datetime) -> None:
    if (custom_text.subject, custom_text.body) == (text.subject, text.body):
        return
    if text.are_empty:
        custom_text.delete()
        return
    custom_text.subject, custom_text.body = text.subject, text.body
    custom_text.changed_by, custom_text.changed_at = actor, now
    custom_text.save()
