"""Pages, mails and the demo programme use the words of docs/words.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from babel.messages.pofile import read_po

from tests.architecture import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

GLOSSARY = sources.ROOT / "docs" / "words.md"
CATALOGUE = sources.ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|<[^>]*>|\{\w+\}")


def _forbidden(language: str) -> re.Pattern[str]:
    """Returns a pattern of the words that the last two columns of the glossary refuse: “not” and “niet”."""
    column = {"en": -2, "nl": -1}[language]
    rows = [line.strip("|").split("|") for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
    words = [word.strip() for row in rows if len(row) >= 3 for word in row[column].split(",")]
    refused = sorted(word for word in words if word.strip("- ") and word not in {"not", "niet"})
    return re.compile(rf"(?<![\w.@/-])(?:{'|'.join(map(re.escape, refused))})(?![\w@/-])", re.IGNORECASE)


def _texts(language: str) -> Iterator[str]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="nl"):
            if message.id:
                found = message.id if language == "en" else message.string
                yield from (found,) if isinstance(found, str) else found or ()


def _demo_texts(value: object, language: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():
            if key == language and isinstance(inside, str):
                yield inside
            else:
                yield from _demo_texts(inside, language)
    elif isinstance(value, list):
        for inside in value:
            yield from _demo_texts(inside, language)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_texts_of_pages_and_mails_use_the_words_of_the_glossary(language: str) -> None:
    forbidden = _forbidden(language)

    assert [text for text in _texts(language) if forbidden.search(PLACEHOLDER.sub("", text))] == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_demo_programme_uses_the_words_of_the_glossary(language: str) -> None:
    forbidden = _forbidden(language)
    texts = [
        text
        for path in sorted((sources.ROOT / "events" / "demo").glob("*.yaml"))
        for text in _demo_texts(yaml.safe_load(path.read_text()), language)
    ]

    assert texts
    assert [text for text in texts if forbidden.search(text)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Log in to take a seat"), ("en", "You get a mail"), ("nl", "Je staat in de wachtrij"), ("nl", "Boek nu")],
)
def test_a_refused_word_is_found(language: str, text: str) -> None:
    assert _forbidden(language).search(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "You get an email"), ("en", "mailto: and ann@mail.example"), ("nl", "Je krijgt een mail")],
)
def test_a_good_word_is_not_refused(language: str, text: str) -> None:
    assert not _forbidden(language).search(text)
