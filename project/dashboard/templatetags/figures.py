from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from project.dashboard.schemas.numbers import Number

register = template.Library()


@register.simple_tag
def number(shown: Number) -> SafeString:
    """Renders a number as a link to its definition. Every number of the board is rendered by this tag."""
    address = reverse("dashboard:definitions")
    kind = "figure" if shown.is_shown else "figure figure-hidden"
    return format_html('<a class="{}" href="{}#{}">{}</a>', kind, address, shown.metric, shown.text)
