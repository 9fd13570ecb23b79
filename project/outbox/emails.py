from __future__ import annotations

import secrets
from dataclasses import dataclass
from email.charset import QP, Charset
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from project.outbox.models import Message

    Renderer = Callable[[Any, Message, datetime], "Letter | None"]  # its first argument is the kind itself

# Some servers lose a Message-ID that is folded onto a line of its own; lines may have 998 characters (R9). The newer
# policies of Python parse every header again, which is slow.
UNFOLDED = compat32.clone(max_line_length=900, linesep="\r\n")
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP


@dataclass(frozen=True)
class CalendarPart:
    """The iTIP object of a mail. `method` must be the same in the MIME header and in the object (specs/calendar.md R1).
    `sender` is the address of the ORGANIZER, and becomes the From of the mail (R21).
    """

    content: bytes
    method: str
    uid: str
    sequence: int
    sender: str


@dataclass(frozen=True)
class Letter:
    """What a renderer returns: the texts of one mail to one address, and its calendar object, if any."""

    address: str
    subject: str
    text: str
    html: str
    calendar: CalendarPart | None = None
    sender_name: str = ""
    unsubscribe_url: str = ""  # only for mails that are not about a seat (RFC 8058); takes a POST without signing in

    def as_bytes(self, *, message_id: str, now: datetime) -> bytes:
        """Returns the RFC 5322 message with the MIME structure of specs/calendar.md 2.1: the calendar is the last
        alternative, and a copy of it an attachment.
        """
        words = MIMEMultipart("alternative")
        words.attach(MIMEText(self.text, "plain", QUOTED_PRINTABLE))  # type: ignore[arg-type]  # the stub knows names only
        words.attach(MIMEText(self.html, "html", QUOTED_PRINTABLE))  # type: ignore[arg-type]  # the stub knows names only
        mail = words
        if self.calendar:
            words.attach(_calendar_alternative(self.calendar))
        if self.calendar and settings.ICAL_ATTACH_COPY:
            mail = MIMEMultipart("mixed")
            mail.attach(words)
            mail.attach(_calendar_copy(self.calendar))
        self._address(mail, message_id, now)
        return mail.as_bytes(policy=UNFOLDED)

    def new_message_id(self) -> str:
        """Returns a Message-ID that contains the UID and SEQUENCE of the calendar entry: a reply typed by hand has it
        in In-Reply-To, and a bounce in the headers it returns (R9).
        """
        named = f"{self.calendar.uid}.{self.calendar.sequence}." if self.calendar else ""
        return f"<{named}{secrets.token_hex(12)}@{settings.MAIL_FROM.partition('@')[2]}>"

    def _address(self, mail: MIMEMultipart, message_id: str, now: datetime) -> None:
        sender = self.sender_name or settings.MAIL_FROM_NAME
        mail["Subject"] = Header(" ".join(self.subject.split()), "utf-8").encode(maxlinelen=900)
        mail["From"] = formataddr((sender, self.calendar.sender if self.calendar else settings.MAIL_FROM))
        mail["To"] = ascii_address(self.address)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = message_id
        mail["Auto-Submitted"] = "auto-generated"
        if self.unsubscribe_url:
            mail["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


@dataclass(frozen=True, kw_only=True)
class MailKind:
    """One kind of mail. Apps that the outbox may not import list theirs in `settings.OUTBOX_KINDS` (architecture.md,
    "Mail").
    """

    name: str
    renderer: Renderer

    def render(self, message: Message, now: datetime) -> Letter | None:
        """Returns the mail in the reader's language, or None if it is out of date."""
        return self.renderer(self, message, now)


def ascii_address(address: str) -> str:
    """Returns an address with its domain in ASCII, as every mail server knows it (RFC 5891, RFC 6531 section 1.1):
    `xn--bcher-kva.example`.
    """
    name, _, domain = address.rpartition("@")
    return address if address.isascii() else f"{name}@{domain.encode('idna').decode()}"


def _calendar_alternative(calendar: CalendarPart) -> MIMEText:
    """Encoded in Base64, which keeps CRLF and survives relays without 8BITMIME. It has no Content-Disposition, with
    which mail programs would show the invitation as a file (R2, R5).
    """
    part = MIMEText(calendar.content.decode(), "calendar", "utf-8")
    part.set_param("method", calendar.method)
    return part


def _calendar_copy(calendar: CalendarPart) -> MIMEApplication:
    """The same bytes, but not as `text/calendar`: with two such parts, some receivers create two events (R4)."""
    copy = MIMEApplication(calendar.content, "ics", name="invite.ics")
    copy.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return copy
