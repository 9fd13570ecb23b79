from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One reason to refuse a programme, worded for its author. Lines count from 1; 0 means the whole file."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.field, self.reason) if part)


class UnableToImport(Exception):
    """Nothing was changed. Carries all problems at once, ordered by file and line."""

    code = "programme-has-errors"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(f"{len(self.problems)} problems")
