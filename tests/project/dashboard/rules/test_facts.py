from __future__ import annotations

from datetime import date

import pytest

from project.dashboard.enums import Outcome
from project.dashboard.rules.facts import Claim, once_per_session, outcome_of
from registrations.enums import Attendance, Source, Status

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("status", "source", "attendance", "was_late", "outcome"),
    [
        (Status.CONFIRMED, Source.SELF, Attendance.PRESENT, False, Outcome.ATTENDED),
        (Status.CONFIRMED, Source.WAITLIST, Attendance.PARTLY, False, Outcome.ATTENDED),
        (Status.CONFIRMED, Source.WALK_IN, Attendance.PRESENT, False, Outcome.WALKED_IN),
        (Status.CONFIRMED, Source.WALK_IN, Attendance.ABSENT, False, Outcome.NONE),
        (Status.CONFIRMED, Source.SELF, Attendance.ABSENT, False, Outcome.NO_SHOW),
        (Status.CONFIRMED, Source.SELF, Attendance.EXCUSED, False, Outcome.LATE_CANCEL),
        (Status.CONFIRMED, Source.SELF, Attendance.UNKNOWN, False, Outcome.NONE),
        (Status.CANCELLED, Source.SELF, Attendance.UNKNOWN, True, Outcome.LATE_CANCEL),
        (Status.CANCELLED, Source.SELF, Attendance.UNKNOWN, False, Outcome.NONE),
        (Status.WAITLISTED, Source.SELF, Attendance.UNKNOWN, False, Outcome.NONE),
        (Status.OFFERED, Source.SELF, Attendance.UNKNOWN, False, Outcome.NONE),
    ],
)
def test_outcome_of(status: str, source: str, attendance: str, was_late: bool, outcome: Outcome) -> None:  # noqa: FBT001 - a table
    assert outcome_of(status=status, source=source, attendance=attendance, was_late=was_late) == outcome


def test_once_per_session_keeps_the_strongest_of_a_person() -> None:
    late, came = _claim(1, Outcome.LATE_CANCEL), _claim(1, Outcome.WALKED_IN)
    other = _claim(2, Outcome.LATE_CANCEL)

    assert set(once_per_session([late, came, other])) == {came, other}
    assert set(once_per_session([came, late, other])) == {came, other}


def _claim(person: int, outcome: Outcome) -> Claim:
    return Claim("mindlab", DAY, 1, person, "me", outcome)
