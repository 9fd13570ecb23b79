"""Pages use no class that no stylesheet knows, and our stylesheets none that no page uses."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from tests.architecture import sources

STATIC = sources.ROOT / "project/static"
OURS = sorted(STATIC.glob("*.css"))
BOOTSTRAP = STATIC / "vendor/bootstrap/bootstrap.css"
NO_CSS = re.compile(r'/\*.*?\*/|url\("[^"]*"\)', re.DOTALL)
CLASS = re.compile(r"\.([a-z_][\w-]*)", re.IGNORECASE)
ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', re.DOTALL)
PARTLY_DYNAMIC = re.compile(r"[\w-]*\{\{.*?\}\}[\w-]*|\{%.*?%\}", re.DOTALL)


def defined(paths: list[Path]) -> set[str]:
    return {name for path in paths for name in CLASS.findall(NO_CSS.sub("", path.read_text()))}


def test_every_class_on_a_page_is_in_a_stylesheet() -> None:
    """One of Bootstrap's that is not there yet comes in with `bin/purge-bootstrap`."""
    pages = [page for page in sources.templates() if page.suffix == ".html" and "mail" not in page.parts]
    known = defined([*OURS, BOOTSTRAP])

    unknown = {
        (sources.name(page), name)
        for page in pages
        for attribute in ATTRIBUTE.findall(page.read_text())
        for name in PARTLY_DYNAMIC.sub(" ", attribute).split()
        if name not in known
    }

    assert unknown == set()


def test_every_class_in_our_stylesheets_is_used() -> None:
    crispy = find_spec("crispy_bootstrap5")
    assert crispy is not None
    assert crispy.origin is not None
    templates = [*sources.templates(), *Path(crispy.origin).parent.rglob("*.html")]
    files = [*templates, *sources.modules(), *STATIC.glob("*.js")]
    words = {word for path in files for word in re.findall(r"[\w-]+", path.read_text())}
    # `notice-{{ kind }}`: the beginning is in one file and the end in another.
    beginnings = {word for word in words if word.endswith("-")}

    unused = {name for name in defined(OURS) - words if not any(name.startswith(start) for start in beginnings)}

    assert unused == set()
