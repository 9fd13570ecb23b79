"""Mails about an address itself: is it yours, and did you ask for this?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from project.accounts.models import PendingAddress
from project.outbox.emails import MailKind
from registrations.emails.composing import Button, Paragraph, Reader, compose, to_my_sessions
from registrations.emails.links import address_link, preferences

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message


@dataclass(frozen=True, kw_only=True)
class AddressMail(MailKind):
    subject: str
    news: str
    paragraphs: tuple[str, ...]
    buttons: Callable[[PendingAddress | None], list[Button]] = lambda _pending: [to_my_sessions()]
    asks: bool = False
    is_discreet: bool = False


def render_address_mail(kind: AddressMail, message: Message, now: datetime) -> Letter | None:
    """Returns None for a question that no longer needs an answer, because it was answered or replaced by a newer
    one.
    """
    pending = PendingAddress.objects.filter(key=str(message.subject_id)).first()
    if kind.asks and pending is None:
        return None
    with override(message.language):
        return _letter(kind, message, kind.buttons(pending))


def _letter(kind: AddressMail, message: Message, buttons: list[Button]) -> Letter:
    reader = Reader.of(message, is_discreet=kind.is_discreet)
    context = {
        "news": _(kind.news),
        "buttons": buttons,
        "paragraphs": [Paragraph(_(text)) for text in kind.paragraphs],
    }
    return compose(reader, subject=_(kind.subject), context=context)


def _to_confirm(pending: PendingAddress | None) -> list[Button]:
    return [Button(_("Yes, this is my address"), address_link(pending))] if pending else []


HOW_TO_ANSWER = (
    gettext_noop(
        "Open the page in the browser in which you asked. The link works for a day; nothing changes until then."
    ),
    gettext_noop("You didn’t ask for this? You can ignore this email."),
)
CONFIRM = AddressMail(
    name="address-confirm",
    renderer=render_address_mail,
    subject=gettext_noop("Is this your new address?"),
    news=gettext_noop("You asked us to write to this address from now on. Is that right?"),
    paragraphs=HOW_TO_ANSWER,
    buttons=_to_confirm,
    asks=True,
)
# Others may read a private mailbox, too: the mail does not say what kind of mails will go there.
CONFIRM_PRIVATE = AddressMail(
    name="private-address-confirm",
    renderer=render_address_mail,
    subject=gettext_noop("Is this your address?"),
    news=gettext_noop("You asked us to send some of our emails to this address. Is that right?"),
    paragraphs=HOW_TO_ANSWER,
    buttons=_to_confirm,
    asks=True,
    is_discreet=True,
)
TAKEN = AddressMail(
    name="address-taken",
    renderer=render_address_mail,
    subject=gettext_noop("Your address is in use already"),
    news=gettext_noop(
        "Somebody tried to add this address to their account. It already belongs to yours, so nothing has changed."
    ),
    paragraphs=(
        gettext_noop("Was that you? Sign in with this address to see your sessions."),
        gettext_noop("Wasn’t it you? You can ignore this email: nobody has seen anything of yours."),
    ),
)
CHANGED = AddressMail(
    name="address-changed",
    renderer=render_address_mail,
    subject=gettext_noop("Your address with us has changed"),
    news=gettext_noop("From now on we write to your new address, and you sign in with that one."),
    paragraphs=(
        gettext_noop("The entries leave the calendar of this address. Your seats stay yours."),
        gettext_noop("Wasn’t this you? Reply to this email straight away and we’ll put it right."),
    ),
    buttons=lambda _pending: [],
)
CONFIRMED = AddressMail(
    name="address-confirmed",
    renderer=render_address_mail,
    subject=gettext_noop("This is your address now"),
    news=gettext_noop("From now on we write to this address, and you sign in with it."),
    paragraphs=(gettext_noop("Your seats stay yours, and their calendar entries move to this address."),),
    buttons=lambda _pending: [Button(_("Preferences"), preferences())],
)
