"""The rules of specs/calendar.md 2 for one mail, checked on its bytes as a mail server received them, and without the
library that wrote them.
"""

from __future__ import annotations

import base64
import re
from email import message_from_bytes
from email.policy import compat32, default
from typing import TYPE_CHECKING, Any

from tests.registrations.support.calendar.readers import read_by_gnome, read_by_thunderbird, read_by_vobject

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    from aiosmtpd.smtp import Envelope

FROM = "samen@example.org"
R42 = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
"""
STATUS_OF = {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}
ONCE = (
    "VERSION",
    "PRODID",
    "CALSCALE",
    "METHOD",
    "UID",
    "SEQUENCE",
    "DTSTAMP",
    "SUMMARY",
    "STATUS",
    "ORGANIZER",
    "TRANSP",
)
NEVER = (
    "VALARM",
    "X-WR-CALNAME",
    "RDATE",
    "RECURRENCE-ID",
    "DURATION:",
    "X-ALT-DESC",
    "SENT-BY",
    "QUOTED-PRINTABLE",
    "^'",
    "^n",
)


def parsed(envelope: Envelope) -> EmailMessage:
    mail: EmailMessage = message_from_bytes(envelope.content, policy=default)  # type: ignore[arg-type]  # bytes, as the server got them
    return mail


def object_of(mail: EmailMessage) -> bytes | None:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    content: bytes = parts[0].get_payload(decode=True)  # type: ignore[assignment]  # a leaf
    return content


def text_of(envelope: Envelope) -> str:
    """What somebody reads whose program shows no HTML."""
    body = parsed(envelope).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def lines_of(content: bytes) -> list[str]:
    """Unfolded (RFC 5545 3.1)."""
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def assert_mail_keeps_the_rules(envelope: Envelope) -> None:
    """R8, R9 and R21 hold for every mail; R1 to R5 and R11 to R44 for those that carry a calendar object."""
    mail = parsed(envelope)
    assert envelope.mail_from == mail["From"].addresses[0].addr_spec == FROM
    assert envelope.rcpt_tos == [mail["To"].addresses[0].addr_spec]
    assert len(mail["To"].addresses) == 1
    assert not {"Cc", "Bcc", "Reply-To", "Precedence"} & set(mail.keys())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert re.fullmatch(r"<[\w.-]+@example\.org>", mail["Message-ID"])
    assert all(len(line) <= 998 for line in envelope.content.splitlines())  # type: ignore[union-attr]  # bytes
    assert envelope.content.isascii()  # type: ignore[union-attr]  # so that no server on the way rewrites it
    content = object_of(mail)
    if content is not None:
        _assert_laid_out(mail, content)
        assert_object_keeps_the_rules(content)
        _assert_says_the_same(mail, content)


def _assert_laid_out(mail: EmailMessage, content: bytes) -> None:
    assert mail.get_content_type() == "multipart/mixed"
    words, copy = mail.iter_parts()
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    calendar = list(words.iter_parts())[-1]
    [method] = [line.removeprefix("METHOD:") for line in lines_of(content) if line.startswith("METHOD:")]
    assert calendar["Content-Type"].params["method"] == method
    assert calendar["Content-Type"].params["charset"] == "utf-8"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert not {"Content-Disposition", "Content-ID"} & set(calendar.keys())
    assert (copy.get_content_type(), copy.get_filename()) == ("application/ics", "invite.ics")
    assert copy.get_content_disposition() == "attachment"
    assert copy["Content-Transfer-Encoding"] == "base64"
    assert _decoded(copy) == content


def _decoded(part: Any) -> bytes:
    """By hand, not by the library that would mend what is wrong."""
    return base64.b64decode(str(message_from_bytes(part.as_bytes(), policy=compat32).get_payload()))


def assert_object_keeps_the_rules(content: bytes) -> None:
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # folded between characters and never inside one
        assert not line.endswith(b"\\")  # nor inside an escape
    lines = lines_of(content)
    assert not [mark for mark in NEVER if any(mark in line for line in lines)]
    assert not [line for line in lines if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)]
    for name in ONCE:
        assert sum(re.match(rf"{name}[:;]", line) is not None for line in _outside_zone(lines)) <= 1, name
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Samen//Registration//EN", "CALSCALE:GREGORIAN"]
    assert lines[4].startswith("METHOD:")
    assert lines.count("BEGIN:VEVENT") == 1
    _assert_zone_is_defined(lines)


def _outside_zone(lines: Sequence[str]) -> list[str]:
    if "BEGIN:VTIMEZONE" not in lines:
        return list(lines)
    return [*lines[: lines.index("BEGIN:VTIMEZONE")], *lines[lines.index("END:VTIMEZONE") :]]


def _assert_zone_is_defined(lines: Sequence[str]) -> None:
    """R39, R40, R44: what is named is defined, once, before the event, with one block of each kind and no other rule
    than a yearly one.
    """
    named = {match[1] for line in lines if (match := re.match(r"DT\w+;TZID=([^:;]+):", line))}
    defined = [line.removeprefix("TZID:") for line in lines if line.startswith("TZID:")]
    assert sorted(named) == defined
    assert not {"UTC", "GMT"} & named
    if defined:
        assert lines[5] == "BEGIN:VTIMEZONE"
        assert lines.count("BEGIN:STANDARD") == 1
        assert lines.count("BEGIN:DAYLIGHT") <= 1
        rules = [line for line in lines if line.startswith("RRULE:")]
        assert all(
            re.fullmatch(r"RRULE:FREQ=YEARLY;BYDAY=-?[1-4](MO|TU|WE|TH|FR|SA|SU);BYMONTH=\d+", rule) for rule in rules
        )


def _assert_says_the_same(mail: EmailMessage, content: bytes) -> None:
    """What the first of the readers understood; that they all understand the same is asked for whole lives at once."""
    [event] = read_by_vobject(content)
    assert event["status"] == STATUS_OF[event["method"]]
    assert event["organizer"]["address"] == f"mailto:{FROM}"
    [attendee] = event["attendees"]
    assert attendee["address"] == f"mailto:{mail['To'].addresses[0].addr_spec}"
    assert (attendee["cutype"], attendee["rsvp"]) == ("INDIVIDUAL", "TRUE")
    assert event["transp"] == ("TRANSPARENT" if event["method"] == "CANCEL" else "OPAQUE")
    assert mail["Message-ID"].startswith(f"<{event['uid']}.{event['sequence']}.")
    assert len(event["summary"]) <= 255
    assert "\n" not in event["summary"] + (event["location"] or "")
    assert event["url"].startswith("http")


def understood(contents: Sequence[bytes]) -> list[dict[str, Any]]:
    """What ical.js and vobject read, and libical where it is installed; they must agree."""
    by_thunderbird, by_vobject = read_by_thunderbird(*contents), read_by_vobject(*contents)
    assert by_thunderbird == by_vobject
    return by_vobject


def assert_gnome_understands(contents: Sequence[bytes], events: Sequence[dict[str, Any]]) -> None:
    assert read_by_gnome(*contents) == list(events)
