"""Words that must not be in any of our files."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture import sources

BINARY = {".png", ".jpg", ".webp", ".woff2", ".mo", ".ico", ".pdf", ".xlsx"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "managers", "signals"}
# Spelled in two pieces, so that this file does not find itself.
REGISTRY_HOSTS = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            r"registry\." + "npmjs",
            r"regis" + r"try\.yarnpkg",
            "index" + r"-url",
        )
    )
)
MACHINE_PATHS = re.compile(
    "(?<![A-Za-z0-9_.}])/(?:" + "|".join(("ro" + "ot", "ho" + "me", "wo" + "rk", "Use" + "rs")) + ")/[A-Za-z0-9_.]"
)
NOTES = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
SUPPRESSION = re.compile(r"#\s*(noqa|type: ignore|pragma: no)")
EXPLAINED = re.compile(r"(noqa: [A-Z0-9, ]+|ignore\[[\w, -]+\]|no cover|no branch)\s+(-|#)\s*\w")
WRONG_TIMEZONES = "add_missing" + "_timezones"


def _files() -> list[Path]:
    """Returns the files that are or would be committed; without git, every file that is not built."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git is there
        cwd=sources.ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        found = [sources.ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in sources.ROOT.rglob("*") if not sources.NOT_OURS & set(path.parts)]
    return sorted(path for path in found if path.is_file() and path.suffix not in BINARY)


def _ours() -> list[Path]:
    """Returns the files without those that others wrote."""
    return [path for path in _files() if "vendor" not in path.parts]


def _lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{sources.name(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry() -> None:
    assert _lines_with(REGISTRY_HOSTS, _ours()) == []


def test_no_file_names_a_path_of_a_machine() -> None:
    assert _lines_with(MACHINE_PATHS, _ours()) == []


def test_no_file_leaves_a_note_for_later() -> None:
    assert _lines_with(NOTES, _ours()) == []


def test_no_module_uses_the_time_zones_of_icalendar() -> None:
    """Icalendar writes wrong rules for Amsterdam (specs/calendar.md section 6): we write them ourselves."""
    assert _lines_with(re.compile(WRONG_TIMEZONES), sources.every_module()) == []


@pytest.mark.parametrize(
    "line", ["--index" + "-url x", "https://files.python" + "hosted.org/packages/x", "https://py" + "pi.org/simple"]
)
def test_registry_is_recognised(line: str) -> None:
    assert REGISTRY_HOSTS.search(line)


@pytest.mark.parametrize("line", ["see /ro" + "ot/notes.txt", '"/ho' + 'me/somebody/samen"', "(/wo" + "rk/tree)"])
def test_machine_path_is_recognised(line: str) -> None:
    assert MACHINE_PATHS.search(line)


@pytest.mark.parametrize("line", ["<a href=/my/data/>", "templates/ho" + "me/index.html", "{{ base }}/wo" + "rk/shop"])
def test_path_of_the_site_is_not_a_machine_path(line: str) -> None:
    assert not MACHINE_PATHS.search(line)


def test_no_module_is_named_utils_or_alike() -> None:
    assert [sources.name(path) for path in sources.every_module() if path.stem in FORBIDDEN_NAMES] == []


def test_every_suppression_says_why() -> None:
    """`# noqa: CODE - why`, `# type: ignore[code]  # why`, `# pragma: no cover - why`."""
    assert [line for line in _lines_with(SUPPRESSION, sources.modules()) if not EXPLAINED.search(line)] == []
