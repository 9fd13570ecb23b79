"""The files that the architecture tests read."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("project", "events", "registrations", "feedback")
NOT_OURS = {".venv", ".git", ".data", "node_modules", "__pycache__"}


def modules() -> list[Path]:
    """Returns the source files, without migrations and tests."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [ROOT / "manage.py", *(path for path in found if "migrations" not in path.parts)]


def every_module() -> list[Path]:
    return modules() + sorted((ROOT / "tests").rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=name(path))


def imports(path: Path) -> list[str]:
    """Returns the full names of everything that the file imports: `from a import b` is `a.b`."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found
