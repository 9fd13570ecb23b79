"""Texts that people wrote, as HTML; see `project.text.prose`."""

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
def said(row: Any, field: str) -> SafeString:
    """One line of an event, a date, a room...: isolated, and with its language where that is not the reader's."""
    return rules.with_isolates(in_language(getattr(row, field), other_language(row, field)))


@register.filter
def told(row: Any, field: str) -> SafeString:
    """The same of a text: paragraphs, lists and links."""
    language, text = other_language(row, field), rules.as_html(getattr(row, field))
    return format_html('<div lang="{}">{}</div>', language, text) if language and text else text


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs, lists and links of a page."""
    return rules.as_html(text)


@register.filter
def prose_in_mail(text: str) -> SafeString:
    return rules.as_html(text, rules.MAIL)


@register.filter
def linked_in_mail(text: str) -> SafeString:
    """One line with its links."""
    return rules.linked(text, rules.MAIL)


@register.filter
def isolated(text: str) -> SafeString:
    """A sentence with `<bdi>` around the foreign texts in it that turn the reading direction (`project.text.texts.isolated`)."""
    return rules.with_isolates(text)


@register.filter
def unmarked(text: str) -> str:
    """A sentence where no element can stand."""
    return texts.unmarked(text)
