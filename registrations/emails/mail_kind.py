"""What a kind of mail about one registration consists of. Each is in a module of its own, in
`registrations.emails.kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from project.outbox.emails import MailKind
from registrations.emails.buttons import to_the_session
from registrations.emails.registration import render_about_a_seat
from registrations.emails.wording.paragraphs import with_a_seat
from registrations.enums import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from project.outbox.emails import Renderer
    from registrations.emails.composing import Button, Paragraph
    from registrations.emails.context import MailContext

# Shared by several mails about discreet sessions.
BOOKING_CHANGED = gettext_noop("Your booking has changed (ref %(reference)s)")
HAS_CHANGED = gettext_noop("Your booking has changed.")


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The subject and the news; mails about a discreet session use the versions that reveal nothing (specs/privacy.md
    3).
    """

    subject: str
    news: str
    discreet_subject: str = BOOKING_CHANGED
    discreet_news: str = HAS_CHANGED


@dataclass(frozen=True, kw_only=True)
class EditableKind(MailKind):
    """An event may have its own texts for this kind. Organisers preview them in an example about somebody with
    `example_status`.
    """

    is_editable: bool = True
    example_status: Status = Status.CONFIRMED


@dataclass(frozen=True, kw_only=True)
class SeatMail(EditableKind):
    """A mail about one registration."""

    texts: Texts
    texts_of: Callable[[MailContext], Texts] | None = None  # if they depend on the registration
    paragraphs: Callable[[MailContext], list[Paragraph]] = with_a_seat
    buttons: Callable[[MailContext], list[Button]] = to_the_session
    renderer: Renderer = render_about_a_seat
    is_still_true: Callable[[MailContext], bool] | None = None  # if it returns False, the mail is dropped
    repeatable_while: Status | None = None  # the state in which it may be sent once more, by hand
    is_ending: bool = False  # leaves out the language and how to join
    takes_out_of_calendar: bool = False  # its calendar object is a CANCEL
    is_offer: bool = False
    tells_of_offers: bool = False  # asks for the answer if an offer is still open
    is_change: bool = False  # of time, place or link: the old value is told if it differs
    is_new_entry: bool = False  # in the calendar, whatever it contained before
    updates_entry: bool = False  # even if the mail does not tell the old values
    lists_queue_entries: bool = False  # tells all dates that the person waits for, as they are when it is sent
    tells_of_clashes: bool = False
