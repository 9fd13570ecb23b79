"""Imports the catalogue from YAML files: all or nothing, and idempotent (contract.md, "Commands")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.services.programme import agreement, shape
from events.services.programme.fields import Fields
from events.services.programme.plans import Programme
from events.services.programme.problems import Problem, UnableToImport
from events.services.programme.reading import read_files
from events.services.programme.writing import Outcome, Writer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from project.accounts.models import User

__all__ = ["Outcome", "Problem", "UnableToImport", "import_programme"]


@transaction.atomic
def import_programme(*, path: Path, actor: User | None, now: datetime) -> Outcome:
    """Imports a YAML file, or every YAML file in a folder, as one programme. Idempotent.

    Once people may have seats, call `registrations.services.organizing.programme` instead: it also tells them about
    rooms that were renamed.

    Rows are matched by code, by slug, or by a date's start, place and title. Nothing is deleted. Changes that people
    would have to be told about (seats, times, rooms of an existing date) are refused: organisers make them on the
    page of the date. Relative days (`thu +3`) count from `now`. With an actor, only what that organiser may do.
    Raises UnableToImport with every problem as file, line, field and reason.
    """
    return Writer(now).write(_checked(path, actor, now))


def _checked(path: Path, actor: User | None, now: datetime) -> Programme:
    problems: list[Problem] = []
    programme = Programme()
    for file, tree in read_files(path):
        shape.add_file(programme, Fields(tree, file=file, now=now, problems=problems))
    agreement.check(programme, actor)
    if problems:
        raise UnableToImport(problems)
    return programme
