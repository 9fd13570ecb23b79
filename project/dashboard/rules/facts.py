"""What figures are made of: the programme of an academic year so far, without names.

These objects exist in memory during one release. `person` is only counted distinctly. Today it is the account; a
pseudonym drawn anew for each academic year is a later step. So is taking the unit from the person's first attended
session of the year (specs/privacy.md 5.2): today it is the person's unit on the day of the release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from events.enums import SessionStatus
from project.dashboard.enums import Outcome
from registrations.enums import ATTENDED, Attendance, Source, Status


@dataclass(frozen=True)
class Label:
    """The name of a row in both languages; frozen with the figure."""

    en: str = ""
    nl: str = ""


NO_LABEL = Label()  # of rows that pages name themselves, such as all activities together


@dataclass(frozen=True)
class Offering:
    """A session. Not personal data, so figures about it are exact."""

    activity: str
    day: date
    status: str
    capacity: int
    is_discreet: bool = False


@dataclass(frozen=True)
class Claim:
    """One person's registration for one session. `unit` is empty for guests, who are in no head count."""

    activity: str
    day: date
    session: int
    person: int
    unit: str
    outcome: Outcome
    has_waited: bool = False
    is_discreet: bool = False


@dataclass(frozen=True)
class UnitSize:
    code: str
    label: Label
    people: int
    counted_on: date | None


@dataclass(frozen=True)
class Block:
    """The answers of one survey, which are opened together (specs/privacy.md 1.6): `tallies[question][now, before]` is
    a count.
    """

    activity: str
    ballots: int
    answers: int
    tallies: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Programme:
    """Everything that a release is made of."""

    activities: dict[str, Label]
    offerings: list[Offering]
    claims: list[Claim]
    units: list[UnitSize]
    surveyed: frozenset[str] = frozenset()
    blocks: list[Block] = field(default_factory=list)


def outcome_of(*, status: str, source: str, attendance: str, was_late: bool) -> Outcome:
    """Returns how a registration for a held session counts, so that seats kept = attended + no-show + late (identities
    of T6, specs/privacy.md 1.5).

    Excused people count with those who cancelled late, since they did not simply stay away. Attendance that was not
    recorded counts as nothing: that is not absence (5.2).
    """
    is_walk_in = source == Source.WALK_IN
    if status == Status.CANCELLED:
        return Outcome.LATE_CANCEL if was_late else Outcome.NONE
    if status != Status.CONFIRMED:
        return Outcome.NONE
    if attendance in ATTENDED:
        return Outcome.WALKED_IN if is_walk_in else Outcome.ATTENDED
    if is_walk_in:
        return Outcome.NONE
    return {Attendance.ABSENT: Outcome.NO_SHOW, Attendance.EXCUSED: Outcome.LATE_CANCEL}.get(
        Attendance(attendance), Outcome.NONE
    )


def is_held(status: str) -> bool:
    """Returns whether attendance was recorded, which "finish" at the door does. Before that, nobody counts as
    absent.
    """
    return status == SessionStatus.HELD


def once_per_session(claims: list[Claim]) -> list[Claim]:
    """Returns one claim per person and session, the strongest: somebody who cancelled late and then came did attend."""
    strength = {outcome: rank for rank, outcome in enumerate(Outcome)}
    strongest: dict[tuple[int, int], Claim] = {}
    for claim in claims:
        key = (claim.person, claim.session)
        if key not in strongest or strength[claim.outcome] < strength[strongest[key].outcome]:
            strongest[key] = claim
    return list(strongest.values())
