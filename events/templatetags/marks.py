"""The faces of the kinds of event: each is drawn from the two rings of the logo (docs/design.md, "Marks")."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join

from events.services.pictures.covers import HEIGHT, WIDTH, composition
from events.services.pictures.faces import FACES

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from events.models import Event

register = template.Library()


@register.filter
@cache
def mark(kind: str) -> SafeString:
    """Draws the mark of a kind of event, in the tint of that kind. Hidden from screen readers: the word stands beside
    it.
    """
    drawing = '<svg class="mark mark-{}" aria-hidden="true" focusable="false"><use href="{}#mark-{}"></use></svg>'
    return format_html(drawing, kind.lower(), static("icons.svg"), kind.lower())


@register.simple_tag
def cover(event: Event) -> SafeString:
    """Draws the generated cover of an event: decoration, hidden from screen readers. One on a page."""
    return _cover(event.slug, event.kind)


@lru_cache(maxsize=256)
def _cover(seed: str, kind: str) -> SafeString:
    circles = (f"{ring.x:g} {ring.y:g} {ring.radius:g}".split() for ring in FACES[kind].rings)
    rings = format_html_join("", '<circle cx="{}" cy="{}" r="{}"/>', circles)
    places = ((place.x, place.y, place.turn, f"{place.size / 32:.3g}") for place in composition(seed))
    marks = format_html_join("", '<use href="#cover" transform="translate({} {})rotate({})scale({})"/>', places)
    drawing = (
        '<svg class="cover mark-{}" viewBox="0 0 {} {}" preserveAspectRatio="xMaxYMid slice" aria-hidden="true" '
        'focusable="false"><defs><g id="cover">{}</g></defs>{}</svg>'
    )
    return format_html(drawing, kind.lower(), WIDTH, HEIGHT, rings, marks)
