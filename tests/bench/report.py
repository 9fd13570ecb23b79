"""Prints the figures as a table, each beside its target (quality.md)."""

from __future__ import annotations

from dataclasses import dataclass

HEADINGS = ("", "ours", "smallest", "ratio", "target", "")
MET, MISSED, NO_TARGET = "yes", "NO", ""


@dataclass(frozen=True)
class Row:
    """One figure. `measure` says what the target is about: the ratio, or our own figure. `at_least` and `at_most` are
    the target.
    """

    what: str
    ours: float
    smallest: float | None = None
    unit: str = ""
    target: str = ""
    at_least: float | None = None
    at_most: float | None = None
    is_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        return self.ours / self.smallest if self.smallest else None

    @property
    def verdict(self) -> str:
        figure = self.ratio if self.is_ratio else self.ours
        if figure is None or (self.at_least is None and self.at_most is None):
            return NO_TARGET
        is_met = figure >= (self.at_least or figure) and figure <= (figure if self.at_most is None else self.at_most)
        return MET if is_met else MISSED

    def cells(self) -> tuple[str, ...]:
        ratio = self.ratio
        return (
            self.what,
            _figure(self.ours, self.unit),
            "" if self.smallest is None else _figure(self.smallest, self.unit),
            "" if ratio is None else f"{ratio:.2f}",
            self.target,
            self.verdict,
        )


def table(title: str, rows: list[Row]) -> str:
    return _written(title, [HEADINGS, *(row.cells() for row in rows)])


def _written(title: str, lines: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(["", title, "", *("  ".join(_placed(cells, widths)).rstrip() for cells in lines), ""])


def _placed(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    """Aligns names to the left and figures to the right; the last two columns are texts again."""
    last = len(cells) - 2
    return [
        cell.rjust(width) if 0 < place < last else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]


def _figure(value: float, unit: str) -> str:
    digits = 0 if value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {unit}".rstrip()


def growth(title: str, found: dict[int, dict[str, float]], *, at_most: float) -> str:
    """Returns a table with a row per measurement and a column per size."""
    sizes = sorted(found)
    fewest = found[sizes[0]]
    headings = ("", *(f"{size:,}" for size in sizes), *(f"x {size:,}" for size in sizes[1:]), "target", "")
    lines = [headings]
    for what, first in fewest.items():
        times = [found[size][what] / first for size in sizes[1:]]
        verdict = MET if not times or max(times) <= at_most else MISSED
        figures = [f"{found[size][what]:.1f}" for size in sizes]
        lines.append((what, *figures, *(f"{each:.2f}" for each in times), f"<= {at_most}", verdict))
    return _written(title, lines)
