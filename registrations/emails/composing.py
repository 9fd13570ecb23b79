from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from project.outbox.emails import CalendarPart, Letter
from project.text.texts import isolated, nameable, unmarked
from registrations.emails.links import my_sessions
from registrations.emails.wording.custom_texts import STANDARD_WORDING, CustomWording
from registrations.emails.wording.marks import mail_mark

if TYPE_CHECKING:
    from project.outbox.models import Message

BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Paragraph:
    """What a mail says below its button, the same in text and HTML. `lead` is a word or two set off at the start;
    `is_typed` means that an organiser wrote it, so that URLs in it become links.
    """

    text: str
    lead: str = ""
    link_text: str = ""
    url: str = ""
    is_typed: bool = False

    @property
    def is_long(self) -> bool:
        """Has several lines; such a paragraph has no link after it."""
        return self.is_typed and "\n" in self.text and not self.url


@dataclass(frozen=True)
class Button:
    """The first one of a mail is the main action; if there are more, all lead to the same page."""

    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Reader:
    """The person a mail is written for, and whether it must reveal nothing (specs/privacy.md 3)."""

    message: Message
    name: str
    is_discreet: bool

    @classmethod
    def of(cls, message: Message, *, is_discreet: bool) -> Reader:
        """For any recipient: an address need not belong to an account."""
        return cls(message=message, name=message.recipient.name if message.recipient else "", is_discreet=is_discreet)


def compose(
    reader: Reader,
    *,
    subject: str,
    context: dict[str, Any],
    calendar: CalendarPart | None = None,
    own: CustomWording = STANDARD_WORDING,
) -> Letter:
    """Every mail has the same skeleton, so that the form of a discreet one gives nothing away (specs/privacy.md 3).
    Custom texts replace the subject and are put below the news; they cannot change anything else. The mail has the mark
    of `context["event_kind"]`, unless it is discreet.
    """
    is_marked = "event_kind" in context and not reader.is_discreet
    shared = {
        "mark": mail_mark(context["event_kind"]) if is_marked else None,
        "name": isolated(nameable(reader.name)),
        "is_discreet": reader.is_discreet,
        "help": settings.HELP_CONTACTS,
        "opening": own.opening,
    }
    return Letter(
        address=reader.message.address,
        subject=unmarked(own.subject or subject),
        text=unmarked(BLANK_LINES.sub("\n\n", render_to_string("mail/letter.txt", context | shared))),
        html=render_to_string("mail/letter.html", context | shared),
        calendar=calendar,
        sender_name=settings.DISCREET_FROM_NAME if reader.is_discreet else "",
    )


def to_my_sessions() -> Button:
    return Button(_("My sessions"), my_sessions())
