"""A life: the row of mails about one person's seat, told in a few words per mail, after every rule was checked on every
one of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.registrations.support.calendar import rules

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope

ALIASES = "ABCDEFGH"


@dataclass
class Correspondence:
    envelopes: list[Envelope]

    def of(self, person: Any) -> Correspondence:
        return Correspondence([envelope for envelope in self.envelopes if envelope.rcpt_tos == [person.email]])

    @property
    def contents(self) -> list[bytes]:
        found = (rules.object_of(rules.parsed(envelope)) for envelope in self.envelopes)
        return [content for content in found if content is not None]

    @property
    def events(self) -> list[dict[str, Any]]:
        """As all readers understood them."""
        contents = self.contents
        events = rules.understood(contents) if contents else []
        _assert_in_order(events)
        return events

    @property
    def story(self) -> list[str]:
        """Such as "Confirmed: REQUEST A0 NEEDS-ACTION", where A is the first UID and 0 its SEQUENCE; "Seat given back:
        -" carries nothing.
        """
        for envelope in self.envelopes:
            rules.assert_mail_keeps_the_rules(envelope)
        events, told = iter(self.events), []
        names: dict[str, str] = {}
        for envelope in self.envelopes:
            mail = rules.parsed(envelope)
            words = mail["Subject"].partition(": ")[0]
            if rules.object_of(mail) is None:
                told.append(f"{words}: -")
                continue
            event = next(events)
            name = names.setdefault(event["uid"], ALIASES[len(names)])
            [attendee] = event["attendees"]
            told.append(f"{words}: {event['method']} {name}{event['sequence']} {attendee['partstat']}")
        return told


def _assert_in_order(events: list[dict[str, Any]]) -> None:
    """Per UID: DTSTAMP and SEQUENCE only go up, and after CANCEL nothing comes any more (R30, R32, R34)."""
    by_uid = defaultdict(list)
    for event in events:
        by_uid[event["uid"]].append(event)
    for lives in by_uid.values():
        stamps, sequences = ([event[name] for event in lives] for name in ("stamp", "sequence"))
        assert stamps == sorted(set(stamps))
        assert sequences == sorted(set(sequences))
        assert lives[0]["method"] == "REQUEST"
        assert all(event["method"] == "REQUEST" for event in lives[:-1])
