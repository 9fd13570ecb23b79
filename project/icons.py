from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One drawing of `icons.svg`, always beside a word. A tag and not an include, and written once in the life of a process, because a page
    of dates shows a hundred of them.
    """
    drawing = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(drawing, static("icons.svg"), name)
