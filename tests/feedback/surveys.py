"""Makes held sessions, and surveys with answers, by calling the verbs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from events.models import Session
from feedback.models import Survey
from feedback.services import ballots
from project.accounts.models import User
from registrations.enums import Attendance, Status
from registrations.models import Registration
from registrations.services.door import attendance
from tests.factories import make_organizer, make_person, make_session

STARTED = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 13, 8, 0, tzinfo=UTC)  # nine o'clock in Amsterdam
LAST_DAY = datetime(2026, 3, 26, 22, 30, tzinfo=UTC)
CLOSED = datetime(2026, 3, 27, 1, 0, tzinfo=UTC)
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){6}[0-9A-Z]{2}\b")
ALL_AGREE = {
    "relevant": "4",
    "free": "4",
    "recognise": "4",
    "recognise_before": "2",
    "confident": "4",
    "confident_before": "4",
    "know_where": "5",
    "know_where_before": "1",
    "intend": "4",
    "advise": "5",
}


def make_held_session(people: int = 0, **overrides: Any) -> Session:
    """Held on 12 March, its check-in finished in the evening; `people` were there and one more was not."""
    session = make_session(starts_at=STARTED, capacity=max(2, people + 1), **overrides)
    for _ in range(people):
        attend(session, make_person())
    attend(session, make_person(), Attendance.UNKNOWN)
    attendance.finish(session_key=session.key, actor=make_organizer(), now=EVENING)
    session.refresh_from_db()
    return session


def attend(session: Session, person: User, seen: Attendance = Attendance.PRESENT) -> Registration:
    return Registration.objects.create(
        session=session,
        attendee=person,
        slot=session.slot,
        status=Status.CONFIRMED,
        created_at=STARTED - timedelta(days=9),
        confirmed_at=STARTED - timedelta(days=9),
        attendance=seen,
    )


def make_survey(**overrides: Any) -> Survey:
    return Survey.objects.create(**({"session_key": uuid4(), "closes_on": date(2026, 3, 26)} | overrides))


def make_counted_session(answers: list[dict[str, str]], *, people: int = 0, **overrides: Any) -> Session:
    """A session whose survey has closed, with these answers."""
    session = make_held_session(max(people, len(answers)), **overrides)
    codes = ballots.issue_slips(session_key=session.key, now=MORNING)
    for code, given in zip(codes, answers, strict=False):
        ballots.cast(code=code, answers=given, now=MORNING)
    ballots.open(survey_id=Survey.objects.get(session_key=session.key).pk, now=CLOSED)
    return session
