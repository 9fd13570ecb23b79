"""Docs name files that exist, have lines that fit any editor, and are in plain English."""

import re

from tests.architecture import sources

COLUMNS = 120
TABLE_COLUMNS = 160  # a row of a table cannot be wrapped
BADLY_JOINED = re.compile(r"\b(for|to|of|from) who\b", re.IGNORECASE)
PATHS = re.compile(r"`((?:project|events|registrations|feedback|tests|templates|docs)/[\w/.-]+\.\w+)`")
DOCS = [sources.ROOT / "README.md", *sorted((sources.ROOT / "docs").glob("*.md"))]


def test_lines_of_docs_fit_a_screen() -> None:
    wide = [
        f"{sources.name(path)}:{number}: {len(line)}"
        for path in DOCS
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > (TABLE_COLUMNS if line.startswith("|") else COLUMNS)
    ]

    assert wide == []


def test_files_that_docs_name_exist() -> None:
    named = {(sources.name(path), name) for path in DOCS for name in PATHS.findall(path.read_text())}

    assert sorted(pair for pair in named if not (sources.ROOT / pair[1]).exists()) == []


def test_docs_are_in_plain_english() -> None:
    """Write "for people who wait"; without "people" it is not English."""
    texts = {sources.name(path): " ".join(path.read_text().split()) for path in DOCS}

    assert {name: found[0] for name, text in texts.items() if (found := BADLY_JOINED.search(text))} == {}
