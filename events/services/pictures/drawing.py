"""Draws the picture that other programs show beside a link to an event: its title in one language, and its cover."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from math import cos, radians, sin
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from PIL import Image, ImageColor, ImageDraw

from events.services.pictures import covers
from events.services.pictures.faces import FACES, Ring
from events.services.pictures.letters import Letters
from project.web.failover_cache import breaker

if TYPE_CHECKING:
    from events.models import Event
    from events.services.pictures.faces import Face

WIDTH, HEIGHT = 1200, 630  # what the programs that show such pictures ask for
MARGIN = 80
FORM = 1  # raise it when the same event is drawn differently
KEPT_SECONDS = 7 * 86_400
COLOURS = 64  # flat colours and their edges: a third of the weight
ASIDE, LARGER = 1.5, 1.7  # how far from the edge, and how much larger than on the page the cover is
MARK_AT, MARK_SIZE = (MARGIN + 36, MARGIN + 36), 72
FINER = 2  # drawn larger and then made smaller, so that edges are smooth
INK = "#211e1a"
TITLE_SIZES, TITLE_WIDTH = ((80, 3), (68, 4), (56, 5)), 900  # sizes, and how many lines of each fit
TITLE_TOP, LINE_HEIGHT = MARGIN + 104, 1.14
FILLING, EDGE = 0.07, 0.3  # how much ink is in the rings of a cover; as in samen.css


def stamp(event: Event) -> str:
    """Returns what tells two pictures apart, in the active language."""
    said = (FORM, settings.UNIVERSITY, event.slug, event.kind, str(event.get_kind_display()), event.title)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def sharing_picture(event: Event) -> bytes:
    """Returns a PNG in the active language. It is drawn once and then cached; there are two for each event."""
    name = f"sharing:{stamp(event)}"
    kept: bytes | None = cache.get(name)
    if kept is None:
        kept = _drawn(event.slug, event.kind, str(event.get_kind_display()), event.title)
        if not breaker().is_away:  # it is too large for the table that replaces Redis
            cache.set(name, kept, KEPT_SECONDS)
    return kept


@lru_cache(maxsize=16)
def _drawn(seed: str, kind: str, word: str, title: str) -> bytes:
    """A process remembers the last ones, for the time while Redis is away."""
    face = FACES[kind]
    picture = _cover(face, seed)
    canvas = ImageDraw.Draw(picture)
    letters = Letters(canvas)
    letters.line((MARGIN + 92, MARGIN + 36), word, size=36, weight=600, colour=face.ink)
    size, lines = letters.wrapped(title, sizes=TITLE_SIZES, weight=650, width=TITLE_WIDTH)
    for number, line in enumerate(lines):
        down = TITLE_TOP + size * (number + 0.6) * LINE_HEIGHT
        letters.line((MARGIN, down), line, size=size, weight=650, colour=INK)
    owner = f"Samen · {settings.UNIVERSITY}"
    letters.line((MARGIN, HEIGHT - MARGIN + 14), owner, size=30, weight=500, colour="#5b554c")
    content = io.BytesIO()
    picture.quantize(COLOURS).save(content, "PNG")
    return content.getvalue()


def _cover(face: Face, seed: str) -> Image.Image:
    """The largest mark of the cover on the right, and the mark before its word."""
    picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), face.tint)
    canvas, ink = ImageDraw.Draw(picture, "RGBA"), ImageColor.getrgb(face.ink)
    veil, edge = (*ink[:3], round(255 * FILLING)), (*ink[:3], round(255 * EDGE))
    large = covers.composition(seed)[0]
    middle = (WIDTH - (covers.WIDTH - large.x) * ASIDE, large.y * HEIGHT / covers.HEIGHT)
    for ring in _turned(face, large.turn, large.size * LARGER / 32):
        canvas.ellipse(_box(ring, middle), fill=veil, outline=edge, width=3 * FINER)
    for ring in _turned(face, 0, MARK_SIZE / 32):
        canvas.ellipse(_box(ring, MARK_AT), outline=ink, width=5 * FINER)
    return picture.reduce(FINER)


def _turned(face: Face, degrees: int, scale: float) -> list[Ring]:
    turn = radians(degrees)
    return [
        Ring(
            (ring.x * cos(turn) - ring.y * sin(turn)) * scale,
            (ring.x * sin(turn) + ring.y * cos(turn)) * scale,
            ring.radius * scale,
        )
        for ring in face.rings
    ]


def _box(ring: Ring, middle: tuple[float, float]) -> tuple[float, float, float, float]:
    x, y, radius = (middle[0] + ring.x) * FINER, (middle[1] + ring.y) * FINER, ring.radius * FINER
    return (x - radius, y - radius, x + radius, y + radius)
