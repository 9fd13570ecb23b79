"""The mails sent so far, read from the folder where the demo writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from icalendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = re.compile(r"\d{8}T\d{6}\.\d{6}")
SENT_FORMAT = "%Y%m%dT%H%M%S.%f%z"
MAX_SHOWN = 200
EVENT_FACTS = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "STATUS", "SEQUENCE", "UID", "ORGANIZER", "ATTENDEE", "CLASS")


class NoSuchMail(Exception):
    """There is no mail of this name."""


@dataclass(frozen=True)
class Fact:
    name: str
    value: str


@dataclass(frozen=True)
class Mail:
    """One mail as it was sent. `name` is that of its file without `.eml`."""

    name: str
    message: EmailMessage

    @property
    def sent_at(self) -> datetime:
        """The time in the name of the file, which is in UTC."""
        return datetime.strptime(f"{self.name}+0000", SENT_FORMAT).replace(tzinfo=UTC)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipient(self) -> str:
        return str(self.message["To"] or "")

    @property
    def text(self) -> str:
        return self._content("text/plain")

    @property
    def html(self) -> str:
        return self._content("text/html")

    @property
    def calendar(self) -> str:
        return self._content("text/calendar")

    @property
    def calendar_facts(self) -> list[Fact]:
        """The method of the calendar object, and the properties that people see or that link updates to it."""
        if not self.calendar:
            return []
        parsed = Calendar.from_ical(self.calendar)
        found = [Fact("METHOD", str(parsed.get("METHOD", "")))]
        for event in parsed.walk("VEVENT"):
            found += [Fact(name, _readable(event[name])) for name in EVENT_FACTS if name in event]
        return found

    def _content(self, kind: str) -> str:
        return next((str(part.get_content()) for part in self.message.walk() if part.get_content_type() == kind), "")


def latest() -> list[Mail]:
    """Returns the latest `MAX_SHOWN` mails, newest first."""
    return [_read(path) for path in sorted(_files(), reverse=True)[:MAX_SHOWN]]


def open_mail(name: str) -> Mail:
    """Returns a mail. Raises `NoSuchMail`, also for names that could not be a mail's, such as `../secrets`."""
    path = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NoSuchMail
    return _read(path)


def _folder() -> Path:
    """Returns the folder of the mails, which does not exist if mail is sent over SMTP."""
    return Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.DATA_DIR / "mail")


def _files() -> Iterator[Path]:
    folder = _folder()
    return (path for path in folder.glob("*.eml") if NAME.fullmatch(path.stem)) if folder.is_dir() else iter(())


def _read(path: Path) -> Mail:
    return Mail(name=path.stem, message=message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default))


def _readable(value: object) -> str:
    moment = getattr(value, "dt", None)
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d %H:%M %Z}".strip()
    return str(value).removeprefix("mailto:")
