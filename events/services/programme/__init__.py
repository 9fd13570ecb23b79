"""The catalogue from files: all or nothing, and as often as one likes (contract.md, "Commands")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from events.services.programme import agreement, shape
from events.services.programme.fields import Fields
from events.services.programme.plans import Programme
from events.services.programme.problems import Problem, UnableToImport
from events.services.programme.reading import read
from events.services.programme.writing import Outcome, Writer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from project.accounts.models import User

__all__ = ["Outcome", "Problem", "UnableToImport", "import_programme"]


@transaction.atomic
def import_programme(*, path: Path, actor: User | None, now: datetime) -> Outcome:
    """Brings in a YAML file, or every one in a folder, as one programme. Twice the same changes nothing.

    Where people have seats already, `registrations.services.organizing.programme` does it, and tells them of rooms that have another name.

    Rows are known again by code, slug, or a date's moment, place and title; nothing is deleted, and what people would have to be told of
    (seats, times, rooms of a date that exists) is refused: that is changed on its page. Relative days (`thu +3`) count from `now`.
    With an actor, only what this organiser may do. Raises UnableToImport with every problem as file, line, field and reason.
    """
    return Writer(now).write(_checked(path, actor, now))


def _checked(path: Path, actor: User | None, now: datetime) -> Programme:
    problems: list[Problem] = []
    programme = Programme()
    for file, tree in read(path):
        shape.add_file(programme, Fields(tree, file=file, now=now, problems=problems))
    agreement.check(programme, actor)
    if problems:
        raise UnableToImport(problems)
    return programme
