"""The marks of the kinds of event and their colours, for what cannot use `icons.svg` and `samen.css`: pictures and
mails. A test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

from events.enums import EventKind

CENTRE = 16.0  # a mark is 32 by 32


@dataclass(frozen=True)
class Ring:
    """A circle of a mark, from the centre of the mark."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Face:
    """The mark of a kind, and its colours on light paper."""

    rings: tuple[Ring, ...]
    ink: str
    tint: str


def _rings(*circles: tuple[float, float, float]) -> tuple[Ring, ...]:
    return tuple(Ring(x - CENTRE, y - CENTRE, radius) for x, y, radius in circles)


FACES: dict[str, Face] = {
    EventKind.PERFORMANCE.value: Face(_rings((16, 16, 12.5), (16, 16, 5.5)), "#7a3b63", "#f4e6ee"),
    EventKind.TRAINING.value: Face(_rings((11.5, 16, 8.5), (20.5, 16, 8.5)), "#0b5c60", "#e0efec"),
    EventKind.WORKSHOP.value: Face(_rings((7.5, 16, 5), (16, 16, 5), (24.5, 16, 5)), "#7d5310", "#f6ead2"),
    EventKind.CONFERENCE.value: Face(
        _rings(
            (16, 7, 4.2), (23.79, 11.5, 4.2), (23.79, 20.5, 4.2), (16, 25, 4.2), (8.21, 20.5, 4.2), (8.21, 11.5, 4.2)
        ),
        "#2f4f86",
        "#e5ebf6",
    ),
    EventKind.DIALOGUE.value: Face(_rings((9, 16, 6.2), (23, 16, 6.2)), "#8f4024", "#f8e6dc"),
}
