"""Limits of the sizes of files and functions."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import sources

FILE_LINES = 500
TEMPLATE_LINES = 150
SETTINGS_LINES = 250
FUNCTION_LINES = 50
FUNCTION_LINES_OF_NINE_IN_TEN = 25
FUNCTION_LINES_OF_HALF = 8


def test_files_are_short() -> None:
    assert _longer_than(FILE_LINES, sources.every_module()) == {}
    assert _longer_than(TEMPLATE_LINES, sources.templates()) == {}
    assert _longer_than(SETTINGS_LINES, [sources.ROOT / "project/settings.py"]) == {}


def test_functions_are_short() -> None:
    lengths = dict(_function_lengths(sources.every_module()))

    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}


def test_most_functions_are_very_short() -> None:
    lengths = [length for _, length in _function_lengths(sources.modules())]

    assert statistics.median(lengths) <= FUNCTION_LINES_OF_HALF
    assert statistics.quantiles(lengths, n=10)[-1] <= FUNCTION_LINES_OF_NINE_IN_TEN


def _longer_than(limit: int, paths: list[Path]) -> dict[str, int]:
    lengths = {sources.name(path): len(path.read_text().splitlines()) for path in paths}
    return {name: length for name, length in lengths.items() if length > limit}


def _function_lengths(paths: list[Path]) -> Iterator[tuple[str, int]]:
    """Yields the lines of each function from `def` to its end, not counting the docstring."""
    for path in paths:
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{sources.name(path)}:{node.lineno} {node.name}", _length(node)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) is not None else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring
