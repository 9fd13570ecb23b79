"""Docstrings and comments read as English: "people who wait", "Idempotent.", "Returns ..."."""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

from tests.architecture import sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOT_ENGLISH = re.compile(r"\b(?:for|to|of|from) " + r"who\b|\bTwice is " + r"once\b", re.IGNORECASE)
NOTE_IN_TEMPLATE = re.compile(r"\{#.*?#\}", re.DOTALL)


def _remarks(path: Path) -> Iterator[tuple[int, str]]:
    """Comments and docstrings, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        is_docstring = token.type == tokenize.STRING and token.string.startswith('"""')
        if token.type == tokenize.COMMENT or is_docstring:
            yield token.start[0], " ".join(token.string.split())


def test_docstrings_and_comments_are_plain_english() -> None:
    found = [
        f"{sources.name(path)}:{line}"
        for path in sources.every_module()
        for line, text in _remarks(path)
        if NOT_ENGLISH.search(text)
    ]

    assert found == []


def test_notes_in_templates_are_plain_english() -> None:
    found = [
        sources.name(path)
        for path in sources.templates()
        for note in NOTE_IN_TEMPLATE.findall(path.read_text())
        if NOT_ENGLISH.search(" ".join(note.split()))
    ]

    assert found == []


def test_texts_of_pages_and_mails_are_plain_english() -> None:
    catalogue = sources.ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    texts = catalogue.read_text().replace('"\n"', "").splitlines()

    assert [text for text in texts if text.startswith("msgid") and NOT_ENGLISH.search(text)] == []


def test_the_demo_programme_is_plain_english() -> None:
    files = sorted((sources.ROOT / "events" / "demo").glob("*.yaml"))

    assert [sources.name(path) for path in files if NOT_ENGLISH.search(path.read_text())] == []
