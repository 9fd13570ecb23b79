"""Programmes to release: as rows in the database, and as plain facts for tests without one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from events.enums import SeatScope, SessionStatus
from events.models import Event, Session
from feedback.enums import SurveyState
from feedback.models import Survey, Tally
from project.accounts.enums import Audience
from project.accounts.models import Headcount, Unit, User
from project.dashboard.enums import Outcome
from project.dashboard.models import PublishedCell, Release
from project.dashboard.rules.facts import Block, Claim, Label, Offering, Programme, UnitSize
from project.dashboard.services.releases import release_month
from registrations.enums import Attendance, Source, Status
from registrations.models import Registration
from tests.factories import make_event, make_session, make_unit

MARCH = date(2026, 3, 1)
FEBRUARY = date(2026, 2, 1)
LONG_AFTER = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)


def at_ten(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def make_crowd(number: int, unit: Unit | None = None, **overrides: Any) -> list[User]:
    """Makes people in one statement; without a unit they are guests."""
    values = {"unit": unit, "audience": Audience.STAFF if unit else Audience.GUEST, "joined_at": LONG_AFTER}
    people = [User(email=f"{uuid4().hex}@demo.example", **(values | overrides)) for _ in range(number)]
    return User.objects.bulk_create(people)


def hold(event: Event, day: date, **overrides: Any) -> Session:
    return make_session(event=event, starts_at=at_ten(day), status=SessionStatus.HELD, **({"capacity": 40} | overrides))


def register(session: Session, people: list[User], **overrides: Any) -> None:
    """Makes registrations in one statement, by default of people who had a seat and came."""
    before = session.starts_at - timedelta(days=9)
    values: dict[str, Any] = {
        "status": Status.CONFIRMED,
        "created_at": before,
        "confirmed_at": before,
        "attendance": Attendance.PRESENT,
    }
    rows = [
        Registration(session=session, attendee=person, slot=session.slot, **(values | overrides)) for person in people
    ]
    Registration.objects.bulk_create(rows)


def absent(session: Session, people: list[User]) -> None:
    register(session, people, attendance=Attendance.ABSENT)


def gave_back_late(session: Session, people: list[User]) -> None:
    gone = {"cancelled_at": session.starts_at - timedelta(hours=2), "is_late_cancellation": True}
    register(session, people, status=Status.CANCELLED, attendance=Attendance.UNKNOWN, **gone)


def walked_in(session: Session, people: list[User]) -> None:
    register(session, people, source=Source.WALK_IN)


def waited(session: Session, people: list[User]) -> None:
    moment = {"waitlisted_at": session.starts_at - timedelta(days=5), "confirmed_at": None}
    register(session, people, status=Status.WAITLISTED, attendance=Attendance.UNKNOWN, **moment)


def count_heads(unit: Unit, people: int, day: date = date(2025, 10, 1)) -> None:
    Headcount.objects.create(unit=unit, audience=Audience.STAFF, counted_on=day, people=people)


def make_block(session: Session, closes_on: date, agree: int, disagree: int = 0, ballots: int = 40) -> Survey:
    """Makes a counted survey in which everybody answered only "advise"."""
    survey = Survey.objects.create(
        session_key=session.key,
        closes_on=closes_on,
        state=SurveyState.COUNTED,
        ballots_issued=ballots,
        answers_counted=agree + disagree,
    )
    Tally.objects.create(survey_id=survey.pk, item="advise", value="4", answers=agree)
    Tally.objects.create(survey_id=survey.pk, item="advise", value="2", answers=disagree)
    return survey


def release(month: date, now: datetime = LONG_AFTER) -> Release:
    return release_month(month=month, now=now)


def value(release: Release, table: str, measure: str, **where: str) -> int | None:
    """Returns the value of exactly one released cell, by default of the row of all activities."""
    cell = PublishedCell.objects.get(release=release, table=table, measure=measure, **({"row": ""} | where))
    return cell.value


def make_march() -> tuple[Event, Session, Session]:
    """Makes a month whose figures were worked out by hand in `tests/project/dashboard/services/test_releases.py`."""
    unit = make_unit("me")
    event = make_event(slug="talks", title_en="Talks", title_nl="Gesprekken", seat_scope=SeatScope.SESSION)
    first, second = hold(event, date(2026, 3, 5), capacity=30), hold(event, date(2026, 3, 12), capacity=50)
    make_session(event=event, starts_at=at_ten(date(2026, 3, 19)), status=SessionStatus.CANCELLED, capacity=90)
    make_session(event=event, starts_at=at_ten(date(2026, 3, 26)), status=SessionStatus.SCHEDULED, capacity=70)
    crowd = make_crowd(40, unit)
    register(first, crowd[:21])
    register(second, crowd[10:36])
    absent(first, crowd[21:33])
    gave_back_late(second, crowd[36:40])
    walked_in(second, make_crowd(6, unit))
    waited(first, make_crowd(13, unit))
    return event, first, second


def random_programme(seed: int, people: int, activities: int = 3) -> Programme:
    """Returns an academic year of random facts, always the same for the same seed."""
    chance = Random(seed)  # noqa: S311 - test data, not a secret
    slugs = [f"activity-{number}" for number in range(activities)]
    offerings, claims = [], []
    for number in range(chance.randint(0, 20)):
        activity = chance.choice(slugs)
        day = date(2025, 9, 1) + timedelta(days=chance.randrange(365))
        status = chance.choice([SessionStatus.HELD] * 5 + [SessionStatus.CANCELLED, SessionStatus.SCHEDULED])
        is_discreet = activity == slugs[-1]
        offerings.append(Offering(activity, day, status, chance.randint(5, 90), is_discreet))
        for person in chance.sample(range(people), chance.randint(0, people)):
            outcome = (
                chance.choice([Outcome.ATTENDED] * 6 + list(Outcome)) if status == SessionStatus.HELD else Outcome.NONE
            )
            unit = f"u{person % 4}" if person % 4 else ""
            claims.append(Claim(activity, day, number, person, unit, outcome, chance.random() < 0.3, is_discreet))
    sizes = {"u1": 300, "u2": 60, "u3": 20}
    return Programme(
        activities={slug: Label(slug.title(), slug.title()) for slug in slugs},
        offerings=offerings,
        claims=claims,
        units=[UnitSize(code, Label(code, code), size, date(2025, 10, 1)) for code, size in sizes.items()],
        surveyed=frozenset(slugs[:2]),
        blocks=[_random_block(chance, chance.choice(slugs[:2])) for _ in range(chance.randint(0, 4))],
    )


def _random_block(chance: Random, activity: str) -> Block:
    tally = {(str(now), str(before)): chance.randint(0, 3) for now in range(1, 6) for before in range(1, 6)}
    single = {(mark, ""): chance.randint(0, 9) for mark in ("1", "2", "3", "4", "5", "NA")}
    return Block(activity, 120, chance.randint(0, 60), {"know_where": tally, "advise": single})
