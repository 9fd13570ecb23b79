"""Mails about an address itself: is it yours, was it you?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from project.accounts.models import PendingAddress
from registrations.emails.letters import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.links import address_link, preferences

if TYPE_CHECKING:
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message

QUESTIONS = ("address-confirm", "private-address-confirm")
PRIVATE = "private-address-confirm"


@dataclass(frozen=True)
class Words:
    subject: str
    news: str
    paragraphs: tuple[str, ...]


HOW_TO_ANSWER = (
    gettext_noop(
        "Open the page in the browser in which you asked. The link works for a day; nothing changes until then."
    ),
    gettext_noop("You did not ask for this? Then you need not do anything."),
)
WORDS = {
    "address-confirm": Words(
        subject=gettext_noop("Is this your new address?"),
        news=gettext_noop("You asked us to write to this address from now on. Is that right?"),
        paragraphs=HOW_TO_ANSWER,
    ),
    # A private mailbox may be read by others too: not a word about what sort of mails it is for.
    PRIVATE: Words(
        subject=gettext_noop("Is this your address?"),
        news=gettext_noop("You asked us to send some of our mails to this address. Is that right?"),
        paragraphs=HOW_TO_ANSWER,
    ),
    "address-taken": Words(
        subject=gettext_noop("Your address is in use already"),
        news=gettext_noop(
            "Somebody wanted to sign in with this address from now on. You do so already, so nothing has changed."
        ),
        paragraphs=(
            gettext_noop("Was it you? Sign in with this address, and you see what you have here."),
            gettext_noop("Was it not you? Then you need not do anything: nobody has seen anything of yours."),
        ),
    ),
    "address-changed": Words(
        subject=gettext_noop("Your address with us has changed"),
        news=gettext_noop("From now on we write to your new address, and you sign in with that one."),
        paragraphs=(
            gettext_noop("Entries in the calendar of this address go away; your seats are still yours."),
            gettext_noop("This was not you? Answer this mail at once, and we put it right."),
        ),
    ),
    "address-confirmed": Words(
        subject=gettext_noop("This is your address now"),
        news=gettext_noop("From now on we write to this address, and you sign in with it."),
        paragraphs=(gettext_noop("Your seats are still yours, and their calendar entries come to this address."),),
    ),
}


def render_address_mail(message: Message, now: datetime) -> Letter | None:
    """Nothing for a question that is over, because it was answered or asked anew long ago."""
    pending = PendingAddress.objects.filter(key=str(message.subject_id)).first()
    if message.kind in QUESTIONS and pending is None:
        return None
    with override(message.language):
        return _letter(message, _buttons(message, pending))


def _letter(message: Message, buttons: list[Button]) -> Letter:
    words = WORDS[message.kind]
    reader = Reader.of(message, is_discreet=message.kind == PRIVATE)
    context = {
        "news": _(words.news),
        "buttons": buttons,
        "paragraphs": [Paragraph(_(text)) for text in words.paragraphs],
    }
    return compose(reader, subject=_(words.subject), context=context)


def _buttons(message: Message, pending: PendingAddress | None) -> list[Button]:
    if pending and message.kind in QUESTIONS:
        return [Button(_("Yes, this is my address"), address_link(pending))]
    if message.kind == "address-changed":
        return []
    return [Button(_("Preferences"), preferences())] if message.kind == "address-confirmed" else [to_my_sessions()]
