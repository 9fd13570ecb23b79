"""Rules about imports of parts of Django, which import-linter only sees as a whole. The others are in
pyproject.toml.
"""

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


def test_every_package_below_http_is_checked() -> None:
    parts = {part for path in _modules_below_http() for part in BELOW_HTTP & {*path.parts, path.stem}}

    assert parts == BELOW_HTTP


def _modules_below_http() -> list[Path]:
    return [path for path in sources.modules() if BELOW_HTTP & {*path.relative_to(sources.ROOT).parts, path.stem}]


def test_modules_below_http_import_no_http() -> None:
    used = {sources.name(path): _http_names(path) for path in _modules_below_http()}

    assert {name: names for name, names in used.items() if names} == {}


def _http_names(path: Path) -> list[str]:
    return [name for name in sources.imports(path) if f"{name}.".startswith(tuple(f"{module}." for module in HTTP))]
