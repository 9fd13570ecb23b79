"""What the release builder is given: the programme of an academic year so far, without names.

These rows live in memory for the time of one release. `person` is only ever counted distinctly; that it is an account and not a pseudonym
drawn anew each academic year is a later step, as is a unit that stays with the person's first attended session of the year (specs/privacy.md
5.2): until then it is the person's unit on the day of the release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from events.enums import SessionStatus
from project.dashboard.enums import Outcome
from registrations.enums import ATTENDED, Attendance, Source, Status


@dataclass(frozen=True)
class Label:
    """What a row is called in both languages; frozen with the figure."""

    en: str = ""
    nl: str = ""


NO_LABEL = Label()  # for rows that pages name themselves, such as all activities together


@dataclass(frozen=True)
class Offering:
    """A session: not personal, so figures about it are exact."""

    activity: str
    day: date
    status: str
    capacity: int
    is_discreet: bool = False


@dataclass(frozen=True)
class Claim:
    """What one person's registration for one session says. `unit` is empty for guests, who belong to no head count."""

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
    """The answers of one survey that were opened together (specs/privacy.md 1.6): `tallies[question][now, before]` = how many."""

    activity: str
    ballots: int
    answers: int
    tallies: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Programme:
    """Everything a release is made of."""

    activities: dict[str, Label]
    offerings: list[Offering]
    claims: list[Claim]
    units: list[UnitSize]
    surveyed: frozenset[str] = frozenset()
    blocks: list[Block] = field(default_factory=list)


def outcome_of(*, status: str, source: str, attendance: str, was_late: bool) -> Outcome:
    """How a registration of a held session counts, so that seats kept = attended + no-show + late (T6 identities, specs/privacy.md 1.5).

    An excused person told somebody in time or not, but did not simply stay away: counted with the late ones. Attendance that nobody
    recorded counts as nothing: not recorded is not absent (5.2).
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
    """Attendance is recorded when the door says "finish" (contract: HELD); everything before that is not counted as absence."""
    return status == SessionStatus.HELD


def once_per_session(claims: list[Claim]) -> list[Claim]:
    """One claim per person and session, the strongest: who gave a seat back late and then came after all was there."""
    strength = {outcome: rank for rank, outcome in enumerate(Outcome)}
    strongest: dict[tuple[int, int], Claim] = {}
    for claim in claims:
        key = (claim.person, claim.session)
        if key not in strongest or strength[claim.outcome] < strength[strongest[key].outcome]:
            strongest[key] = claim
    return list(strongest.values())
