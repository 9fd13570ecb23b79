from __future__ import annotations

import re

import pytest

from events.enums import EventKind
from events.services.pictures.faces import CENTRE, FACES
from tests.architecture.sources import ROOT

STATIC = ROOT / "project/static"
CIRCLE = re.compile(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/>')


def test_every_kind_has_a_face() -> None:
    assert set(FACES) == set(EventKind.values)


@pytest.mark.parametrize("kind", EventKind.values)
def test_a_mark_is_the_same_as_among_the_icons(kind: str) -> None:
    symbol = re.search(rf'<symbol id="mark-{kind.lower()}".*?</symbol>', (STATIC / "icons.svg").read_text())
    assert symbol

    drawn = [tuple(map(float, circle)) for circle in CIRCLE.findall(symbol[0])]

    rings = [(ring.x + CENTRE, ring.y + CENTRE, ring.radius) for ring in FACES[kind].rings]
    assert rings == [pytest.approx(circle) for circle in drawn]


@pytest.mark.parametrize("kind", EventKind.values)
def test_the_colours_are_those_of_the_light_pages(kind: str) -> None:
    light = (STATIC / "samen.css").read_text().split("prefers-color-scheme: dark")[0]

    assert f"--{kind.lower()}-ink: {FACES[kind].ink};" in light
    assert f"--{kind.lower()}-tint: {FACES[kind].tint};" in light
