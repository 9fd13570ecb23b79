"""Who may come and how the waiting list works, as set by a programme."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from events.models import Event, Session
from events.services.programme import Outcome, UnableToImport, import_programme
from tests.factories import NOW, make_event, make_unit, make_venue

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

PROGRAMME = """\
events:
  - slug: advanced
    kind: TRAINING
    status: PUBLISHED
    owner: me
    approval: yes
    prerequisite: basic
    seated_until_hours: 48
    offered_until_hours: 6
    offer_working_hours: 8
    title: {en: Advanced}
    each_session: {venue: aula, seats: 52, from: "10:00", to: "13:00"}
    sessions:
      - {on: 2026-11-12, hold: {seats: 20, audiences: STUDENT, units: me, until: 2026-11-02 12:00}}
      - {on: 2026-11-19, unlisted: yes}
  - slug: basic
    kind: TRAINING
    owner: me
    title: {en: Basic}
"""
HOLD = "hold: {seats: 20, audiences: STUDENT, units: me, until: 2026-11-02 12:00}"


@pytest.fixture(autouse=True)
def _house() -> None:
    make_unit("me")
    make_venue(code="aula", capacity=60)


def write(folder: Path, text: str = PROGRAMME) -> Path:
    path = folder / "programme.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def bring_in(path: Path, now: datetime = NOW) -> Outcome:
    return import_programme(path=path, actor=None, now=now)


def refused(path: Path, now: datetime = NOW) -> list[tuple[int, str, str]]:
    with pytest.raises(UnableToImport) as unable:
        bring_in(path, now)
    return [(problem.line, problem.field, problem.reason) for problem in unable.value.problems]


@pytest.mark.parametrize(("written", "kept"), [("coming_again: ONCE", "ONCE"), ("approval: no", "BEHIND")])
def test_import_writes_whether_people_may_come_again(tmp_path: Path, written: str, kept: str) -> None:
    bring_in(write(tmp_path, PROGRAMME.replace("approval: yes", written, 1)))

    assert Event.objects.get(slug="advanced").coming_again == kept


def test_import_writes_who_may_come_and_how_the_list_moves(tmp_path: Path) -> None:
    outcome = bring_in(write(tmp_path))

    event = Event.objects.get(slug="advanced")
    held, unlisted = Session.objects.order_by("starts_at")
    assert outcome == Outcome(created=4)
    assert (event.needs_approval, event.prerequisite) == (True, Event.objects.get(slug="basic"))
    assert (event.seated_until_hours, event.offered_until_hours, event.offer_working_hours) == (48, 6, 8)
    assert (held.held_seats, held.held_audiences, held.held_units) == (20, ("STUDENT",), ("me",))
    assert held.held_until == datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
    assert (held.is_unlisted, unlisted.is_unlisted, unlisted.held_seats) == (False, True, 0)


def test_import_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path)
    bring_in(path)

    assert bring_in(path) == Outcome(unchanged=4)


def test_import_takes_a_prerequisite_that_is_there_already(tmp_path: Path) -> None:
    basic = make_event(slug="basic")

    bring_in(write(tmp_path, PROGRAMME.partition("  - slug: basic")[0]))

    assert Event.objects.get(slug="advanced").prerequisite == basic


def test_import_leaves_an_ended_hold_alone(tmp_path: Path) -> None:
    path = write(tmp_path)
    bring_in(path)
    Session.objects.filter(held_seats__gt=0).update(held_seats=0)

    outcome = bring_in(path, datetime(2026, 11, 3, tzinfo=UTC))

    assert outcome.changed == 0
    assert not Session.objects.filter(held_seats__gt=0).exists()


@pytest.mark.parametrize(
    "other", ["", ", " + HOLD.replace("seats: 20", "seats: 10"), ", " + HOLD.replace("STUDENT", "STAFF")]
)
def test_import_refuses_another_hold_on_a_date_that_exists(tmp_path: Path, other: str) -> None:
    bring_in(write(tmp_path, PROGRAMME.replace(", " + HOLD, other)))

    problems = refused(write(tmp_path))

    assert [problem[1] for problem in problems] == ["events.sessions.hold"]


def test_import_refuses_a_circle_through_stored_events(tmp_path: Path) -> None:
    make_event(slug="basic", prerequisite=make_event(slug="advanced", kind="TRAINING"))

    problems = refused(write(tmp_path, PROGRAMME.partition("  - slug: basic")[0]))

    assert [(line, field) for line, field, _reason in problems] == [(7, "events.prerequisite")]


WRONG = [
    ("prerequisite: basic", "prerequisite: nowhere", 7, "events.prerequisite", "no event “nowhere”"),
    ("prerequisite: basic", "prerequisite: advanced", 7, "events.prerequisite", "leads back"),
    ("title: {en: Basic}", "title: {en: Basic}\n    prerequisite: advanced", 7, "events.prerequisite", "leads back"),
    ("prerequisite: basic", "prerequisite: [basic]", 7, "events.prerequisite", "single value"),
    ("approval: yes", "approval: maybe", 6, "events.approval", "yes or no"),
    ("seated_until_hours: 48", "seated_until_hours: 5", 8, "events.seated_until_hours", "not less"),
    ("seated_until_hours: 48", "seated_until_hours: -1", 8, "events.seated_until_hours", "whole number"),
    ("offer_working_hours: 8", "offer_working_hours: 1", 10, "events.offer_working_hours", "from 2 to 60"),
    ("offer_working_hours: 8", "offer_working_hours: 61", 10, "events.offer_working_hours", "from 2 to 60"),
    ("unlisted: yes", "unlisted: perhaps", 15, "events.sessions.unlisted", "yes or no"),
    ("seats: 20", "seats: 53", 14, "events.sessions.hold.seats", "from 1 to 52"),
    ("seats: 20", "seats: 0", 14, "events.sessions.hold.seats", "from 1 to 52"),
    ("audiences: STUDENT, units: me, until", "until", 14, "events.sessions.hold", "Say for whom"),
    ("audiences: STUDENT", "audiences: CATS", 14, "events.sessions.hold.audiences", "not one of"),
    ("units: me", "units: atlantis", 14, "events.sessions.hold", "atlantis"),
    (", until: 2026-11-02 12:00", "", 14, "events.sessions.hold.until", "Say until when"),
    ("2026-11-02 12:00", "later", 14, "events.sessions.hold.until", "no moment"),
    ("2026-11-02 12:00", "2026-11-12 10:01", 14, "events.sessions.hold.until", "at the latest"),
    (HOLD, "hold: 20", 14, "events.sessions.hold", "Expected fields"),
    (HOLD, HOLD.replace("until", "untill"), 14, "events.sessions.hold.untill", "no field of this name"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "field", "reason"), WRONG)
def test_import_refuses(tmp_path: Path, right: str, wrong: str, line: int, field: str, reason: str) -> None:
    problems = refused(write(tmp_path, PROGRAMME.replace(right, wrong, 1)))

    assert any(found[:2] == (line, field) and reason in found[2] for found in problems), problems
    assert not Event.objects.exists()


def test_import_refuses_a_discreet_prerequisite(tmp_path: Path) -> None:
    make_event(slug="k7q2m9", is_discreet=True)

    problems = refused(write(tmp_path, PROGRAMME.replace("prerequisite: basic", "prerequisite: k7q2m9")))

    assert [problem[1] for problem in problems] == ["events.prerequisite"]
    assert Event.objects.count() == 1


def test_import_keeps_seats_until_the_closing_at_the_latest(tmp_path: Path) -> None:
    closing = PROGRAMME.replace("on: 2026-11-12", "on: 2026-11-12, closes: 2026-11-02 11:59")

    problems = refused(write(tmp_path, closing), NOW - timedelta(days=1))

    assert [problem[1] for problem in problems] == ["events.sessions.hold.until"]
