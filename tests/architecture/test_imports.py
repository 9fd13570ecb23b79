"""Directions that import-linter cannot say: it sees Django as one thing. The others are contracts in pyproject.toml."""

from pathlib import Path

from tests.architecture import sources

BELOW_HTTP = {"services", "models", "querysets", "rules"}
HTTP = (
    "django.http",
    "django.shortcuts",
    "django.views",
    "django.forms",
    "django.template.response",
    "ninja",
    "crispy_forms",
)


def test_each_part_below_http_is_looked_at() -> None:
    parts = {part for path in _modules_below_http() for part in BELOW_HTTP & {*path.parts, path.stem}}

    assert parts == BELOW_HTTP


def _modules_below_http() -> list[Path]:
    return [path for path in sources.modules() if BELOW_HTTP & {*path.relative_to(sources.ROOT).parts, path.stem}]


def test_modules_below_http_import_no_http() -> None:
    used = {sources.name(path): _http_names(path) for path in _modules_below_http()}

    assert {name: names for name, names in used.items() if names} == {}


def _http_names(path: Path) -> list[str]:
    return [name for name in sources.imports(path) if f"{name}.".startswith(tuple(f"{module}." for module in HTTP))]
