"""Parses a raw mail into what a reply can mean. Pure; whatever arrives, the only exception it raises is
`UnableToRead`.
"""

from __future__ import annotations

import re
from codecs import lookup
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Policy, compat32
from email.utils import getaddresses
from itertools import count, islice
from typing import TYPE_CHECKING

from django.utils.html import strip_tags

from registrations.rules.inbox.itip import LARGEST_CALENDAR, UNSTORABLE, CalendarObject, UnableToRead, read_calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_MAIL = 10 * 1024 * 1024
DEEPEST = 10
MAX_PARTS = 200
MAX_PIECES = 1000  # leaves, their containers, mails inside the mail, and each recipient of a report
MAX_BOUNDARIES = 100  # counts the word itself, too: each line is compared with every open boundary
MAX_LINES = 200_000  # the largest mail in lines of 60 characters has fewer
MAX_HEADERS = 1000
MAX_SENDERS = 2  # From headers: the second is enough to know that there are several
MAX_CALENDARS = 5  # programs attach a copy or two
LONGEST_HEADER = 8 * 1024
LONGEST_TEXT = 4000
MAX_TEXT_BYTES = 64 * 1024
LONGEST_ID = 255
CALENDAR_TYPES = ("text/calendar", "application/ics")
BULK = {"bulk", "junk", "list", "auto_reply"}
SENT_BY_MACHINES = ("x-autoreply", "x-autorespond", "x-autoresponse", "list-id")
NOBODY = {"", "<>", "mailer-daemon"}  # the last is what Postfix passes to a pipe
SLOW_CODECS = {"punycode", "idna"}  # no real mail uses them, and they are quadratic in the length
IDS = re.compile(r"<([^<>\s]{3,255})>")


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """The parts of a mail that matter. Addresses are lower-case; message ids come without their brackets."""

    message_id: str = ""
    sender: str = ""  # from From; empty if there is none, or several
    return_path: str | None = None  # the envelope sender, if the mail itself contains it
    answers: tuple[str, ...] = ()  # In-Reply-To and References
    subject: str = ""
    text: str = field(default="", repr=False)
    is_automatic: bool = False
    is_report: bool = False
    bounced: tuple[str, ...] = ()  # ids of the mails that a report calls undeliverable
    calendar: CalendarObject | None = None
    authentication: tuple[str, ...] = ()  # all Authentication-Results headers, the newest first


def read_mail(raw: bytes) -> Incoming:
    """Raises `UnableToRead`: `too-large`, `too-many-lines`, `too-deep`, `too-many-parts`, `too-many-headers`,
    `malformed`, or as `read_calendar`.
    The limits are checked before and during parsing: a mail of ten megabytes can be crafted to cost minutes, or all
    memory.
    """
    if len(raw) > LARGEST_MAIL:
        raise UnableToRead("too-large")
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > MAX_LINES:
        raise UnableToRead("too-many-lines")
    if raw.lower().count(b"boundary") > MAX_BOUNDARIES:
        raise UnableToRead("too-deep")
    try:
        return _read(BytesParser(_limited()).parsebytes(raw))
    except UnableToRead:
        raise
    except Exception as error:  # the parser fails on malformed mails in more ways than it documents
        raise UnableToRead("malformed") from error


class _Piece(Message):
    """Cuts headers before they are parsed, because the header parser is quadratic in their length."""

    def set_raw(self, name: str, value: str) -> None:
        if len(self) >= MAX_HEADERS:
            raise UnableToRead("too-many-headers")
        super().set_raw(name, value[:LONGEST_HEADER])


def _limited() -> Callable[[], Message]:
    """Returns a factory for the parts of one mail, which raises once there are too many of them."""
    made = count(1)

    def make(policy: Policy = compat32) -> Message:
        if next(made) > MAX_PIECES:
            raise UnableToRead("too-many-parts")
        return _Piece(policy=policy)

    return make


def _read(mail: Message) -> Incoming:
    parts = list(islice(_parts(mail), MAX_PARTS + 1))
    if len(parts) > MAX_PARTS:
        raise UnableToRead("too-many-parts")
    is_report = mail.get_content_type() == "multipart/report"
    return Incoming(
        message_id=_first_id(_header(mail, "message-id")),
        sender=_sender(mail),
        return_path=_return_path(mail),
        answers=_ids(_header(mail, "in-reply-to"), _header(mail, "references")),
        subject=_decoded(_header(mail, "subject"))[:200],
        text=_text(parts),
        is_automatic=is_report or _is_automatic(mail),
        is_report=is_report,
        bounced=_bounced(mail) if is_report else (),
        calendar=None if is_report else _calendar(parts),
        authentication=tuple(str(value) for value in mail.get_all("authentication-results", [])),
    )


def _parts(mail: Message, depth: int = 0) -> Iterator[Message]:
    """Yields the leaves, in order. A mail inside the mail was not written by this sender, so it is skipped."""
    if depth > DEEPEST:
        raise UnableToRead("too-deep")
    if mail.get_content_maintype() == "message":
        return
    if not mail.is_multipart():
        yield mail
    for part in _inside(mail):
        yield from _parts(part, depth + 1)


def _calendar(parts: list[Message]) -> CalendarObject | None:
    """Returns the first calendar that is a REPLY, else the first of all (specs/calendar.md 5.4.2). Several attached
    copies count as one answer.
    """
    calendars = [part for part in parts if part.get_content_type() in CALENDAR_TYPES][:MAX_CALENDARS]
    found = [_calendar_in(part, content) for part, content in _affordable(calendars)]
    return next((calendar for calendar in found if calendar.method == "REPLY"), found[0] if found else None)


def _affordable(calendars: list[Message]) -> Iterator[tuple[Message, bytes]]:
    """Yields calendars as long as their total size stays within the limit for one. The first is always read, so that
    one that is too large is refused as such.
    """
    size = 0
    for number, part in enumerate(calendars):
        content = _bytes_of(part)
        size += len(content)
        if number == 0 or size <= LARGEST_CALENDAR:
            yield part, content


def _calendar_in(part: Message, content: bytes) -> CalendarObject:
    return read_calendar(content, charset=_charset(part), method=str(part.get_param("method") or ""))


def _bounced(mail: Message) -> tuple[str, ...]:
    """Returns the ids of the mails that a delivery report (RFC 3464) calls failed; "delayed" and "relayed" are not
    final.
    """
    parts = _inside(mail)
    if not any(_says_failed(part) for part in parts):
        return ()
    return tuple(found for part in parts if (found := _returned_id(part)))


def _says_failed(part: Message) -> bool:
    is_status = part.get_content_type() == "message/delivery-status"
    return is_status and any(_header(block, "action").strip().lower() == "failed" for block in _inside(part))


def _returned_id(part: Message) -> str:
    """Returns the id of the mail that came back, whether the report contains all of it or only its headers."""
    kind = part.get_content_type()
    returned = _inside(part)[:1] if kind == "message/rfc822" else []
    if kind == "text/rfc822-headers":
        returned = [BytesHeaderParser(_limited()).parsebytes(_bytes_of(part)[:MAX_TEXT_BYTES])]
    return _first_id(_header(returned[0], "message-id")) if returned else ""


def _inside(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


def _is_automatic(mail: Message) -> bool:
    """Checks for the header of RFC 3834, and for what older programs send instead."""
    submitted = _header(mail, "auto-submitted").partition(";")[0].strip().lower()
    is_bulk = _header(mail, "precedence").strip().lower() in BULK
    return submitted not in {"", "no"} or is_bulk or any(mail.get(name) is not None for name in SENT_BY_MACHINES)


def _sender(mail: Message) -> str:
    """Returns an empty string if From names nobody or several addresses. Deeply nested comments count as nobody in
    every version of Python: some versions exceed the recursion limit on them.
    """
    said = [str(value) for value in mail.get_all("from", [])[:MAX_SENDERS]]
    try:
        addresses = {address.lower() for _, address in getaddresses(said) if address}
    except RecursionError:
        return ""
    return addresses.pop()[:254] if len(addresses) == 1 else ""


def _return_path(mail: Message) -> str | None:
    path = mail.get("return-path")
    return None if path is None else as_envelope(str(path))


def as_envelope(sender: str) -> str:
    """Normalizes the sender that the transport reports; empty for the null sender of bounces (RFC 5321 4.5.5)."""
    bare = printable(sender).lower()
    return "" if bare in NOBODY else bare.strip("<>")[:254]


def printable(address: str) -> str:
    """Removes what a stranger may have put into an address and a database would choke on: NUL, surrogates, line
    breaks.
    """
    return "".join(letter for letter in address if letter.isprintable()).strip()


def _text(parts: list[Message]) -> str:
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_filename() is None:
                words = _bytes_of(part)[:MAX_TEXT_BYTES].decode(_charset(part), "replace")
                return UNSTORABLE.sub("", words if kind == "text/plain" else strip_tags(words)).strip()[:LONGEST_TEXT]
    return ""


def _bytes_of(part: Message) -> bytes:
    """Decodes the content as its transfer encoding says; content that cannot be decoded is returned as it came."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str:
    """Returns the declared charset if Python knows it, else UTF-8."""
    named = str(part.get_param("charset") or "utf-8").strip("\"' ")
    try:
        b"".decode(named)
        return "utf-8" if lookup(named).name in SLOW_CODECS else named
    except (LookupError, ValueError):
        return "utf-8"


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name) or "").replace("\x00", "")


def _decoded(value: str) -> str:
    try:
        words = str(make_header(decode_header(value)))
    except (LookupError, MessageError, ValueError):
        words = value
    return " ".join(UNSTORABLE.sub("", words).split())


def _ids(*headers: str) -> tuple[str, ...]:
    found = [one for header in headers for one in IDS.findall(header)]
    return tuple(dict.fromkeys(found))[:MAX_PARTS]


def _first_id(header: str) -> str:
    return next(iter(_ids(header)), "")[:LONGEST_ID]
