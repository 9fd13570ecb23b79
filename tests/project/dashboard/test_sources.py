"""Only the release service may read what people did (specs/privacy.md 0.5), checked in the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import sources

DASHBOARD = sources.ROOT / "project" / "dashboard"
READS = [path for path in sources.modules() if path.is_relative_to(DASHBOARD) and "services" not in path.parts]
RAW = ("events.models", "registrations.models", "feedback.models", "events.querysets", "registrations.querysets")
ALLOWED = {"project.accounts.models.Role", "project.accounts.rules.Rights"}
READERS = {"views.py", "schemas", "templatetags"}


@pytest.mark.parametrize("path", READS, ids=sources.name)
def test_only_the_release_service_imports_what_people_did(path: Path) -> None:
    imported = set(sources.imports(path))

    assert not [name for name in imported if name.startswith(RAW)]
    assert {name for name in imported if name.startswith("project.accounts")} <= ALLOWED


@pytest.mark.parametrize("path", READS, ids=sources.name)
def test_no_page_imports_the_service_that_reads_what_people_did(path: Path) -> None:
    if not READERS & {*path.relative_to(DASHBOARD).parts}:
        return

    assert not [name for name in sources.imports(path) if name.startswith("project.dashboard.services")]


def test_the_source_files_are_found() -> None:
    assert {path.name for path in READS} >= {"views.py", "board.py", "figures.py", "urls.py"}


def test_no_template_reads_related_objects() -> None:
    texts = [path.read_text() for path in sources.templates() if path.parent.name == "dashboard"]

    assert texts
    assert not [text for text in texts if "registration" in text or "cell.value" in text or "objects" in text]
