"""An organiser's own texts in the mails of an event (product K7): plain text with a few placeholders in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Session
from project.database.prepared import PreparedRead
from project.text.prose import MAIL, PAGE, as_html, link, linked, with_isolates
from project.text.texts import isolated, nameable
from registrations.emails.links import page_of
from registrations.emails.wording.times import When, hours, local
from registrations.emails.wording.titles import titled
from registrations.models import CustomText

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from events.models import Event
    from project.outbox.models import Message
    from project.text.prose import Look
    from registrations.emails.composing import Reader

PLACEHOLDERS: dict[str, _StrPromise] = {
    "name": gettext_lazy("the person's name"),
    "title": gettext_lazy("what it is called"),
    "date": gettext_lazy("the day: Thursday 12 March"),
    "time": gettext_lazy("from when until when: 10:00–12:00"),
    "place": gettext_lazy("the room"),
    "link": gettext_lazy("the address of its page"),
}
OF_ONE_DATE = ("date", "time", "place")
ABOUT_MANY_DATES = ("seats-confirmed", "dates-announced")
DRAFT = "draft"  # in the facts of an example: the text to show, stored or not; queued mails never have it
LONGEST_SUBJECT = 160  # as sent, with titles filled in; mail programs cut longer ones
PLACEHOLDER = re.compile(r"\{(\w+)\}")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Opening:
    """One paragraph or list an organiser wrote, for the text and the HTML of a mail and for a page."""

    written: str
    values: Mapping[str, str]

    @property
    def text(self) -> str:
        return filled(self.written, self.values)

    @property
    def html(self) -> SafeString:
        return as_html(self.written, MAIL, lambda line: _inline(line, self.values, MAIL))

    @property
    def on_page(self) -> SafeString:
        return as_html(self.written, PAGE, lambda line: _inline(line, self.values, PAGE))


@dataclass(frozen=True)
class CustomWording:
    """What an organiser wrote to replace our subject and to follow our first sentence. Empty parts mean our own
    text.
    """

    subject: str = ""
    opening: tuple[Opening, ...] = ()


STANDARD_WORDING = CustomWording()


def custom_wording(
    reader: Reader, offer: Event | Session, when: When | None = None, *, link: str = ""
) -> CustomWording:
    """Returns the event's texts for this kind of mail, in the reader's language. A discreet event has none: they might
    name the subject (specs/privacy.md 3). `when` is None if the mail is not about a single date. `link` is the reader's
    personal link, if the page opens for nobody else.
    """
    custom_text = None if reader.is_discreet else _custom_text_of(reader.message, offer)
    if custom_text is None:
        return STANDARD_WORDING
    values = values_of(offer, reader.name, when)
    return written(custom_text.subject, custom_text.body, values | {"link": link} if link else values)


def written(subject: str, body: str, values: Mapping[str, str]) -> CustomWording:
    """Fills in the values. A value is never parsed again, so a name that looks like a placeholder stays a name."""
    paragraphs = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]
    opening = tuple(Opening(paragraph, values) for paragraph in paragraphs)
    return CustomWording(shortened(filled(subject, values)), opening)


def filled(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda piece: values.get(piece[1], piece[0]), text)


def placeholders_of(kind: str) -> dict[str, _StrPromise]:
    """Leaves out the day, time and room for mails about several dates."""
    left_out = OF_ONE_DATE if kind in ABOUT_MANY_DATES else ()
    return {name: meaning for name, meaning in PLACEHOLDERS.items() if name not in left_out}


def unknown_placeholders(text: str, known: Container[str] = PLACEHOLDERS.keys()) -> list[str]:
    """Returns what is in braces but is no placeholder of ours, as typed; sent like that it would puzzle everybody."""
    return [found[0] for found in IN_BRACES.finditer(text) if found[1] not in known]


def values_of(offer: Event | Session, name: str, when: When | None) -> dict[str, str]:
    """Returns the values of the placeholders, in the active language."""
    values = {
        "name": isolated(nameable(name)) or _("participant"),
        "title": titled(offer),
        "link": page_of(offer),
    }
    return values | _values_of_a_date(when) if when else values


def shortened(subject: str) -> str:
    """Cuts the subject and puts it on one line, as all subjects are."""
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def _values_of_a_date(when: When) -> dict[str, str]:
    elsewhere = f" ({when.zone})" if when.names_zone else ""
    return {
        "date": date_format(local(when.starts_at, when.timezone), "l j F"),
        "time": hours(when.starts_at, when.ends_at, when.timezone) + elsewhere,
        "place": when.place or _("online"),
    }


def _custom_text_of(message: Message, offer: Event | Session) -> CustomText | None:
    if DRAFT in message.facts:
        draft: CustomText = message.facts[DRAFT]
        return draft
    event = offer.event_id if isinstance(offer, Session) else offer.pk
    found = _stored(event=event, kind=message.kind, language=message.language)
    return found[0] if found else None


def _texts(event: int, kind: str, language: str) -> QuerySet[CustomText, CustomText]:
    return CustomText.objects.filter(event=event, kind=kind, language=language)


_stored = PreparedRead(_texts, event=int, kind=str, language=str)


def _inline(line: str, values: Mapping[str, str], look: Look) -> SafeString:
    """Plain words, values, and links: only the URLs that the organiser typed and our own page become links, never a
    part of a name.
    """
    return format_html_join("", "{}", ((piece,) for piece in _pieces(line, values, look)))


def _pieces(line: str, values: Mapping[str, str], look: Look) -> Iterator[SafeString]:
    end = 0
    for piece in PLACEHOLDER.finditer(line):
        if piece[1] in values:
            yield linked(line[end : piece.start()], look)
            yield _value(piece[1], values[piece[1]], look)
            end = piece.end()
    yield linked(line[end:], look)


def _value(name: str, value: str, look: Look) -> SafeString:
    return link(value, value, look) if name == "link" else with_isolates(value)
