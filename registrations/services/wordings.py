"""An organiser's own words for the mails of an event (product K7). The facts, the way back and the help block always stay the house's."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from events.models import Session
from project.accounts.models import User
from project.outbox.models import Message
from registrations.emails.case import ENDINGS, GIVEN_UP
from registrations.emails.examples import Example
from registrations.emails.registration import letter_of
from registrations.emails.wording import EDITABLE_KINDS, unknown_placeholders
from registrations.enums import Status
from registrations.models import Registration, Wording
from registrations.services import news
from registrations.services.capacity import UnableToChange
from registrations.services.lock import lock_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from events.models import Event
    from project.outbox.emails import Letter

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LONGEST_SUBJECT, LONGEST_BODY = 150, 2000
EXAMPLE_STATUS = {
    "registration-waitlisted": Status.WAITLISTED,
    "seat-open": Status.WAITLISTED,
    "registration-requested": Status.REQUESTED,
    "registration-offered": Status.OFFERED,
    "colleague-invited": Status.OFFERED,
}
EXAMPLE_KEY = uuid.UUID(int=0)  # nobody's claim: links in an example lead nowhere
TURNED = {"\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


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

    Raises `UnableToChange`: `no-such-mail`, `discreet` (specs/privacy.md 3), `too-long`, `unknown-placeholder`.
    """
    tidied = {language: tidy(words.get(language, Words())) for language in LANGUAGES}
    with transaction.atomic(durable=True):
        event = lock_event(key=event_key)
        _refuse(event, kind, tidied)
        stored = {wording.language: wording for wording in Wording.objects.filter(event=event, kind=kind)}
        for language, said in tidied.items():
            _write(stored.get(language) or Wording(event=event, kind=kind, language=language), said, actor, now)


def reset_words(*, event_key: UUID, kind: str) -> None:
    """Back to the house's words, in all languages. Twice is once."""
    Wording.objects.filter(event__key=event_key, kind=kind).delete()


def preview_words(*, event: Event, kind: str, words: Mapping[str, Words], now: datetime) -> dict[str, Letter]:
    """The real mail in each language, to a person who does not exist, about the next date of the event. It writes nothing, and refuses
    the same.
    """
    tidied = {language: tidy(words.get(language, Words())) for language in LANGUAGES}
    _refuse(event, kind, tidied)
    session = example_session(event, now)
    return {language: _preview(session, kind, language, said, now) for language, said in tidied.items()}


def stored_words(event: Event, kind: str) -> dict[str, Words]:
    """By language; only where there are own ones."""
    wordings = Wording.objects.filter(event=event, kind=kind)
    return {wording.language: Words(wording.subject, wording.body) for wording in wordings}


def example_session(event: Event, now: datetime) -> Session:
    """The next date, else the newest; of an event without dates one that will never be."""
    dates = Session.objects.filter(event=event).select_related("venue").order_by("starts_at", "pk")
    session = dates.filter(starts_at__gt=now).first() or dates.last() or _imagined(event, now)
    session.event = event
    return session


def example_claim(session: Session, person: User, status: Status) -> Registration:
    return Registration(pk=0, key=EXAMPLE_KEY, session=session, attendee=person, slot=session.slot, status=status)


def example_person(language: str) -> User:
    return User(pk=0, name=_("Robin Example"), email="robin@example.org", language=language)


def tidy(words: Words) -> Words:
    """A subject is one line; a text has paragraphs. What nobody can see, and would turn the reading direction of the rest, is left out."""
    body = "\n".join(_visible(line).rstrip() for line in words.body.splitlines())
    return Words(" ".join(_visible(words.subject).split()), re.sub(r"\n{3,}", "\n\n", body).strip())


def refuse_words(words: Words, language: str) -> None:
    """Raises `UnableToChange`: `too-long`, `unknown-placeholder`."""
    for name, text, most in (("subject", words.subject, LONGEST_SUBJECT), ("body", words.body, LONGEST_BODY)):
        field = f"{name}_{language}"
        if len(text) > most:
            too_long = _("That is too long: %(most)d characters at most.")
            raise UnableToChange("too-long", too_long % {"most": most}, field=field)
        if unknown := unknown_placeholders(text):
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
        refuse_words(said, language)


def _write(wording: Wording, said: Words, actor: User, now: datetime) -> None:
    if (wording.subject, wording.body) == (said.subject, said.body):
        return
    if said.are_empty:
        wording.delete()
        return
    wording.subject, wording.body = said.subject, said.body
    wording.changed_by, wording.changed_at = actor, now
    wording.save()


def _visible(text: str) -> str:
    return "".join(
        " " if unicodedata.category(sign) == "Cc" else sign for sign in text.replace("\x00", "") if sign not in TURNED
    )


def _preview(session: Session, kind: str, language: str, words: Words, now: datetime) -> Letter:
    with override(language):
        person = example_person(language)
        status = EXAMPLE_STATUS.get(kind, Status.CANCELLED if kind in ENDINGS else Status.CONFIRMED)
        registration = example_claim(session, person, status)
        registration.offer_expires_at = now + timedelta(days=1) if registration.is_offered else None
        message = Message(
            kind=kind,
            recipient=person,
            address=person.email,
            language=language,
            subject_id=registration.key,
            facts=_example_facts(registration, kind, now),
        )
        draft = None if words.are_empty else Wording(subject=words.subject, body=words.body)
        return letter_of(Example(message, registration, now, draft))


def _example_facts(registration: Registration, kind: str, now: datetime) -> dict[str, Any]:
    facts = news.facts_about(registration.session)
    if registration.is_confirmed or kind in GIVEN_UP:
        facts["invite"] = {
            "uid": str(uuid.uuid4()),
            "sequence": 0,
            "stamped_at": now.isoformat(),
            "partstat": "NEEDS-ACTION",
        }
    if kind in CHANGES:
        facts["was"] = facts | CHANGES[kind](registration.session)
    return facts


def _earlier(session: Session) -> dict[str, Any]:
    day = timedelta(days=1)
    return {"starts_at": (session.starts_at - day).isoformat(), "ends_at": (session.ends_at - day).isoformat()}


def _elsewhere(session: Session) -> dict[str, Any]:
    return {"place": _("another room"), "address": ""}


def _by_another_link(session: Session) -> dict[str, Any]:
    return {"join_url": "https://example.org/"}


CHANGES: dict[str, Callable[[Session], dict[str, Any]]] = {
    "session-moved": _earlier,
    "registration-swapped": _earlier,
    "session-relocated": _elsewhere,
    "link-changed": _by_another_link,
}


def _imagined(event: Event, now: datetime) -> Session:
    starts_at = (now + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
    ends_at = starts_at + timedelta(hours=2)
    return Session(pk=0, event=event, slot=EXAMPLE_KEY, starts_at=starts_at, ends_at=ends_at, capacity=1)
