"""An organiser's own words in the mails of an event (product K7): plain text with a few names in braces, which means nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from project.prepared import PreparedRead
from registrations.emails.examples import Example
from registrations.emails.links import page_of
from registrations.emails.moments import When, city_time, hours, local
from registrations.emails.words import WORDS
from registrations.models import Registration, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from registrations.emails.case import Case

PLACEHOLDERS: dict[str, _StrPromise] = {
    "name": gettext_lazy("the person's name"),
    "title": gettext_lazy("what it is called"),
    "date": gettext_lazy("the day: Thursday 12 March"),
    "time": gettext_lazy("from when until when: 10:00–12:00"),
    "place": gettext_lazy("the room"),
    "link": gettext_lazy("the address of its page"),
}
ABOUT_AN_ADDRESS = ("appointment-left", "appointment-here")  # the same whatever the event
EDITABLE_KINDS = tuple(kind for kind in WORDS if kind not in ABOUT_AN_ADDRESS)
LONGEST_SUBJECT = 160  # as it is sent, with titles in it; mail programs cut longer ones
PIECES = re.compile(r"\{(\w+)\}|(https://[^\s<>\"'{}]*[^\s<>\"'{}.,;:!?)\]])")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Opening:
    """One paragraph of own words, for the text and for the HTML, where everything is escaped and addresses can be followed."""

    text: str
    html: SafeString


@dataclass(frozen=True)
class OwnWords:
    """What is sent instead of the house's subject, and below its first sentence; empty where the house's words do."""

    subject: str = ""
    opening: tuple[Opening, ...] = ()


def own_words(case: Case) -> OwnWords:
    """Those of the event for this kind of mail in the reader's language. A discreet event has none: whoever writes about it may name
    the subject (specs/privacy.md 3).
    """
    wording = None if case.is_discreet else _wording_of(case)
    if wording is None:
        return OwnWords()
    return written(wording.subject, wording.body, values_of(case.registration, case.when))


def written(subject: str, body: str, values: Mapping[str, str]) -> OwnWords:
    """With the values put in. A value is never read again, so a name that looks like a placeholder stays a name."""
    paragraphs = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]
    opening = tuple(Opening(filled(paragraph, values), _html(paragraph, values)) for paragraph in paragraphs)
    return OwnWords(shortened(filled(subject, values)), opening)


def filled(text: str, values: Mapping[str, str]) -> str:
    return PIECES.sub(lambda piece: values.get(piece[1] or "", piece[0]), text)


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and is none of ours, as it was typed; sent like that it would puzzle everybody."""
    return [found[0] for found in IN_BRACES.finditer(text) if found[1] not in PLACEHOLDERS]


def values_of(registration: Registration, when: When) -> dict[str, str]:
    """What the placeholders stand for, in the language that is active."""
    elsewhere = "" if when.timezone == settings.TIME_ZONE else f" ({city_time(when.timezone)})"
    return {
        "name": registration.attendee.name or _("participant"),
        "title": registration.session.title,
        "date": date_format(local(when.starts_at, when.timezone), "l j F"),
        "time": hours(when.starts_at, when.ends_at, when.timezone) + elsewhere,
        "place": when.place or _("online"),
        "link": page_of(registration.session),
    }


def shortened(subject: str) -> str:
    """On one line, as every subject is."""
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def _wording_of(case: Case) -> Wording | None:
    if isinstance(case, Example):
        return case.draft
    found = _stored(event=case.event.pk, kind=case.kind, language=case.message.language)
    return found[0] if found else None


def _words(event: int, kind: str, language: str) -> QuerySet[Wording, Wording]:
    return Wording.objects.filter(event=event, kind=kind, language=language)


_stored = PreparedRead(_words, event=int, kind=str, language=str)


def _html(paragraph: str, values: Mapping[str, str]) -> SafeString:
    lines = [
        format_html_join("", "{}", ((piece,) for piece in _pieces(line, values))) for line in paragraph.split("\n")
    ]
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))


def _pieces(line: str, values: Mapping[str, str]) -> Iterator[str]:
    """Plain words, values, and links: only what the organiser typed as an address, and our own page, never what is in a name."""
    end = 0
    for piece in PIECES.finditer(line):
        yield line[end : piece.start()]
        address = values["link"] if piece[1] == "link" else piece[2]
        yield _link(address) if address else values.get(piece[1] or "", piece[0])
        end = piece.end()
    yield line[end:]


def _link(address: str) -> SafeString:
    return format_html('<a class="accent" style="color:#0b5c60" href="{0}">{0}</a>', address)
