"""Reads an iTIP object (RFC 5546) into a small value, and guards against what the parsing library does with hostile
input (specs/calendar.md 5.2, 6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from registrations.rules.addresses import same_address

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_CALENDAR = 256 * 1024
MAX_ENTRIES = 50
LONGEST_COMMENT = 300
LARGEST_SEQUENCE = 2**31 - 1
LONGEST_ADDRESS = 1024  # 254 characters, each of which may be percent-encoded
SCHEME = re.compile("^mailto:", re.IGNORECASE)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # databases and mails reject NUL and lone surrogates (of utf-7)


class UnableToRead(Exception):
    """The input cannot be read. `code` is stable and reveals nothing about the sender."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Attendee:
    """`addresses`: the value, and the EMAIL parameter if there is one (RFC 7986 6.2), each as written and as decoded
    from a URI.
    """

    addresses: tuple[str, ...] = field(repr=False)
    answer: str

    def is_called(self, *names: str) -> bool:
        return any(same_address(own, name) for own in self.addresses for name in names)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One VEVENT. A missing SEQUENCE counts as 0; DTSTAMP is converted to UTC."""

    uid: str
    sequence: int = 0
    stamped_at: datetime | None = None
    attendees: tuple[Attendee, ...] = ()
    comment: str = field(default="", repr=False)

    def attendee_called(self, *names: str) -> Attendee | None:
        return next((attendee for attendee in self.attendees if attendee.is_called(*names)), None)


@dataclass(frozen=True)
class CalendarObject:
    method: str  # upper-case; empty if neither header nor object names one
    entries: tuple[Entry, ...]


def read_calendar(content: bytes, *, charset: str, method: str) -> CalendarObject:
    """`method`: from the MIME header, for an object that names none. ORGANIZER is not required: Exchange omits it
    (5.1).
    Raises `UnableToRead`: `calendar-too-large`, `several-calendars`, `calendar-malformed`.
    """
    if len(content) > LARGEST_CALENDAR:
        raise UnableToRead("calendar-too-large")
    try:
        return _read(_parse(content.decode(charset, "replace")), method)
    except UnableToRead:
        raise
    except Exception as error:  # the library may fail in any way on what a stranger wrote
        raise UnableToRead("calendar-malformed") from error


def _read(calendars: list[Any], method: str) -> CalendarObject:
    if len(calendars) != 1:
        raise UnableToRead("several-calendars" if calendars else "calendar-malformed")
    named = _text(calendars[0].get("METHOD")) or method
    return CalendarObject(named.strip().upper()[:20], tuple(_entries(calendars[0])))


def _parse(text: str) -> list[Any]:
    from icalendar import Calendar  # noqa: PLC0415  # 0.2 s of import that only the worker should pay

    found = Calendar.from_ical(UNSTORABLE.sub("", text.lstrip("\ufeff")), multiple=True)
    return [component for component in found if component.name == "VCALENDAR"]


def _entries(calendar: Any) -> Iterable[Entry]:
    events = [component for component in calendar.subcomponents if component.name == "VEVENT"]
    for event in events[:MAX_ENTRIES]:
        yield Entry(
            uid=_text(event.get("UID")).strip()[:255],
            sequence=_number(event.get("SEQUENCE")),
            stamped_at=_moment(event.get("DTSTAMP")),
            attendees=tuple(_attendees(event)),
            comment=" ".join(_text(event.get("COMMENT")).split())[:LONGEST_COMMENT],
        )


def _attendees(event: Any) -> Iterable[Attendee]:
    for value in _several(event.get("ATTENDEE"))[:MAX_ENTRIES]:
        parameters = getattr(value, "params", {})
        named = [str(value), *(str(one) for one in _several(parameters.get("EMAIL")))]
        answer = _text(parameters.get("PARTSTAT")).strip().upper()
        yield Attendee(tuple(dict.fromkeys(name for address in named for name in _names(address))), answer)


def _names(address: str) -> tuple[str, str]:
    """Returns the address as written and as decoded. A CAL-ADDRESS is a URI (RFC 5545 3.3.3, RFC 6068):
    percent-encoding is of UTF-8, and headers follow a question mark. An address that nobody encoded may contain a
    percent sign or a question mark as well, so the written form counts, too.
    """
    written = SCHEME.sub("", address.strip().strip("<>\"'")).strip().strip("<>").lower()[:LONGEST_ADDRESS]
    return written, UNSTORABLE.sub("", unquote(written.partition("?")[0])).strip().lower()


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Returns the first value, in case a property that may occur only once occurs twice."""
    return next((str(one) for one in _several(value)), "")


def _number(value: Any) -> int:
    text = _text(value).strip()
    return min(int(text), LARGEST_SEQUENCE) if text.isascii() and text.isdigit() and len(text) < len("9" * 20) else 0


def _moment(value: Any) -> datetime | None:
    try:
        moment = next((one.dt for one in _several(value)), None)
        if not isinstance(moment, datetime):
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (AttributeError, OverflowError, ValueError):  # a broken property raises ValueError
        return None
