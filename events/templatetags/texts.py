"""Renders texts that people wrote as HTML; see `project.text.prose`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html

from events.models.texts import other_language
from project.text import prose as rules
from project.text import texts
from project.text.texts import in_language

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def line(row: Any, field: str) -> SafeString:
    """Returns one line of text of an event, date or room: isolated, with `lang` if it is not the reader's language."""
    return rules.with_isolates(in_language(getattr(row, field), other_language(row, field)))


@register.filter
def paragraphs(row: Any, field: str) -> SafeString:
    """The same for a long text: paragraphs, lists and links."""
    language, text = other_language(row, field), rules.as_html(getattr(row, field))
    return format_html('<div lang="{}">{}</div>', language, text) if language and text else text


@register.filter
def prose(text: str) -> SafeString:
    """Returns paragraphs, lists and links for a page."""
    return rules.as_html(text)


@register.filter
def prose_in_mail(text: str) -> SafeString:
    return rules.as_html(text, rules.MAIL)


@register.filter
def linked_in_mail(text: str) -> SafeString:
    """Returns one line with its links."""
    return rules.linked(text, rules.MAIL)


@register.filter
def isolated(text: str) -> SafeString:
    """Returns a sentence with `<bdi>` around the texts that were marked by `project.text.texts.isolated`."""
    return rules.with_isolates(text)


@register.filter
def unmarked(text: str) -> str:
    """Returns a sentence without marks, for places that cannot contain an element."""
    return texts.unmarked(text)
