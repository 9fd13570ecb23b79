"""The faces of the kinds of event: each is drawn from the two rings of the logo (docs/design.md, "Marks")."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
@cache
def mark(kind: str) -> SafeString:
    """Draws the mark of a kind of event, in the tint of that kind. Hidden from screen readers: the word stands beside
    it.
    """
    drawing = '<svg class="mark mark-{}" aria-hidden="true" focusable="false"><use href="{}#mark-{}"></use></svg>'
    return format_html(drawing, kind.lower(), static("icons.svg"), kind.lower())
