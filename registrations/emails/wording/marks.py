"""The kind of an event at the top of a mail: its word on its tint, before it the mark, drawn with the borders of empty
elements. A picture would have to be loaded from us, which tells when a mail is read, or make every mail heavier.
"""

from __future__ import annotations

from dataclasses import dataclass

from events.enums import EventKind
from events.services.pictures.faces import FACES


@dataclass(frozen=True)
class DrawnRing:
    """In pixels; `size` without the border."""

    size: int
    border: str
    before: int = 0


@dataclass(frozen=True)
class MailMark:
    word: str
    ink: str
    tint: str
    rings: tuple[DrawnRing, ...]


RINGS: dict[str, tuple[DrawnRing, ...]] = {
    EventKind.PERFORMANCE.value: (DrawnRing(4, "5px double"),),  # a ring around a ring
    EventKind.TRAINING.value: (DrawnRing(9, "2px solid"), DrawnRing(9, "2px solid", -6)),
    EventKind.WORKSHOP.value: (DrawnRing(6, "2px solid"), DrawnRing(6, "2px solid", -2), DrawnRing(6, "2px solid", -2)),
    EventKind.CONFERENCE.value: (DrawnRing(9, "3px dotted"),),  # a circle of many
    EventKind.DIALOGUE.value: (DrawnRing(6, "2px solid"), DrawnRing(6, "2px solid", 3)),
}


def mail_mark(kind: str) -> MailMark:
    """In the active language."""
    return MailMark(str(EventKind(kind).label), FACES[kind].ink, FACES[kind].tint, RINGS[kind])
