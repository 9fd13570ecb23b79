"""The mails as they left the house: one raw `.eml` each, named so that they sort in the order of sending."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from icalendar import Calendar

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from icalendar import Component

PATIENCE_SECONDS = 40.0  # the sweep looks every 15 seconds
# Those come by the clock, whatever somebody does on the pages.
BY_THE_CLOCK = ("Reminder: ", "Are you still coming? ", "Herinnering: ", "Kom je nog? ")


@dataclass(frozen=True)
class Letter:
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._content("text/plain")

    @property
    def calendar(self) -> Calendar | None:
        content = self._content("text/calendar")
        return Calendar.from_ical(content) if content else None

    @property
    def entry(self) -> Component:
        """The one event of the invitation."""
        assert self.calendar is not None, self.subject
        (event,) = self.calendar.walk("VEVENT")
        return event

    @property
    def method(self) -> str:
        return str(self.calendar["METHOD"]) if self.calendar else ""

    def found(self, pattern: str) -> str:
        match = re.search(pattern, self.text)
        assert match, self.text
        return match[0]

    def _content(self, kind: str) -> str:
        return next((str(part.get_content()) for part in self.message.walk() if part.get_content_type() == kind), "")


class Inbox:
    """The mails to one person, without reminders. Those that were there at first are read already, unless told
    otherwise.
    """

    def __init__(self, folder: Path, address: str, *, from_the_first: bool = False) -> None:
        self.folder, self.address = folder, address
        self.read = set() if from_the_first else {path.name for path in folder.glob("*.eml")}

    def next(self) -> Letter:
        """The oldest unread one, waited for as long as a slow worker and a sweep may take."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            for letter in self._unread():
                return letter
            assert time.monotonic() < deadline, f"no mail for {self.address}"
            time.sleep(0.1)

    def _unread(self) -> list[Letter]:
        for path in sorted(self.folder.glob("*.eml")):
            if path.name in self.read:
                continue
            self.read.add(path.name)
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if str(message["To"]) == self.address and not str(message["Subject"]).startswith(BY_THE_CLOCK):
                return [Letter(message)]
        return []
