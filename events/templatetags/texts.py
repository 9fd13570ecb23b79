"""Renders texts that people wrote as HTML; see `project.text.prose`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html, format_html_join

from events.models.texts import other_language
from events.rules import questions_in
from project.text import prose as rules
from project.text import texts
from project.text.texts import in_language

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from events.models import Event
    from events.rules import Question

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
def questions(event: Event) -> SafeString:
    """Renders the questions that people ask about an event, each to be opened for its answer."""
    return format_html_join("", "{}", ((_question(question),) for question in questions_in(event.questions)))


def _question(question: Question) -> SafeString:
    answer = format_html('<div class="prose">{}</div>', rules.as_html(question.answer))
    if not question.asked:
        return answer
    return format_html('<details class="question"><summary>{}</summary>{}</details>', question.asked, answer)


@register.filter
def language_of_text(row: Any, field: str) -> str:
    """Returns the language of a text for `lang`; empty if it is the reader's."""
    return other_language(row, field)


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
