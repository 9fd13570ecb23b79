"""The tests of `registrations` are where what they test is, and no folder holds more than one can take in at a
glance.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.architecture import sources

MIRRORED = ("services", "views", "rules", "emails")
MAX_FILES = 12
LARGER_FOLDERS = {
    "tests/journeys": "one file a journey, each read by itself",
}
TESTS_OF_NO_MODULE = {"tests/registrations/emails/test_golden.py": "of all kinds of email at once"}


def _mirrored(root: Path, pattern: str) -> list[Path]:
    """The files of the mirrored trees, as they are called below their root."""
    found = [path for tree in MIRRORED for path in sorted((root / tree).rglob(pattern))]
    return [path.relative_to(root) for path in found if path.stem != "__init__"]


def _modules() -> list[Path]:
    return _mirrored(sources.ROOT / "registrations", "*.py")


def _tests() -> list[Path]:
    return _mirrored(sources.ROOT / "tests/registrations", "test_*.py")


def _is_test_of(test: Path, module: Path) -> bool:
    """`test_<module>.py`, or `test_<module>_<what of it>.py` where one file would be too long."""
    name = f"test_{module.stem}"
    return test.parent == module.parent and (test.stem == name or test.stem.startswith(f"{name}_"))


def _missing(modules: list[Path], tests: list[Path]) -> list[str]:
    return [str(module) for module in modules if not any(_is_test_of(test, module) for test in tests)]


def _astray(modules: list[Path], tests: list[Path]) -> list[str]:
    names = [test for test in tests if not any(_is_test_of(test, module) for module in modules)]
    return [f"tests/registrations/{test}" for test in names]


def test_each_module_has_its_tests_at_the_mirrored_place() -> None:
    modules, tests = _modules(), _tests()

    assert {module.parts[0] for module in modules} == set(MIRRORED)
    assert _missing(modules, tests) == []


def test_each_test_at_a_mirrored_place_has_its_module() -> None:
    """What proves something of many modules at once is in `proofs`."""
    modules, tests = _modules(), _tests()

    assert set(_astray(modules, tests)) == set(TESTS_OF_NO_MODULE)


def test_a_module_without_tests_and_a_test_without_module_are_found() -> None:
    modules, tests = [Path("rules/door.py"), Path("rules/seats.py")], [Path("rules/test_door_opens.py")]

    assert _missing(modules, tests) == ["rules/seats.py"]
    assert _astray(modules[1:], tests) == ["tests/registrations/rules/test_door_opens.py"]
    assert _missing(modules[:1], [Path("views/test_door.py")]) == ["rules/door.py"]


def _sizes() -> dict[str, int]:
    """Migrations apart, which nobody reads as a whole."""
    folders = defaultdict(set)
    templates = [path for path in sources.templates() if path.suffix == ".html"]
    for path in [*sources.every_module(), *templates]:
        if path.stem not in {"__init__", "conftest"}:
            folders[sources.name(path.parent)].add(path.stem)
    return {folder: len(_without_parts(names)) for folder, names in folders.items()}


def _without_parts(names: set[str]) -> set[str]:
    """Several files of tests of one module count as one."""
    parts = {name for name in names for whole in names if name.startswith("test_") and name.startswith(f"{whole}_")}
    return names - parts


def test_no_folder_is_too_large_to_take_in() -> None:
    too_large = {folder for folder, size in _sizes().items() if size > MAX_FILES}

    assert too_large == set(LARGER_FOLDERS)
