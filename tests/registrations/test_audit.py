from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from registrations.enums import Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.services import booking
from registrations.services.audit import audit_seats
from tests.factories import NOW, make_people, make_person, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_session():
    """Two seats taken and one person waiting."""
    session = make_session(capacity=2)
    for person in make_people(3):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    return session


def a_seat() -> Registration:
    return Registration.objects.filter(status=Status.CONFIRMED).earliest("pk")


def test_audit_of_what_the_verbs_do_finds_nothing(full_session):
    booking.cancel(registration_key=a_seat().key, actor=a_seat().attendee, now=NOW)

    assert audit_seats(now=NOW) == {}


def plant_overbooking(session):
    type(session).objects.filter(pk=session.pk).update(capacity=1)


def plant_free_seat(session):
    type(session).objects.filter(pk=session.pk).update(capacity=3)


def plant_other_slot(session):
    Registration.objects.filter(pk=a_seat().pk).update(slot=make_session().slot)


def plant_waiting_beside_a_seat(session):
    other, person = make_session(event=session.event, capacity=0), a_seat().attendee
    waiting = booking.sign_up(session_key=other.key, attendee=make_person(), now=NOW)
    Registration.objects.filter(pk=waiting.pk).update(attendee=person)


def plant_claim_on_cancelled_session(session):
    type(session).objects.filter(pk=session.pk).update(status="CANCELLED")


def plant_seat_without_invite(session):
    Invite.objects.filter(registration=a_seat()).delete()


def plant_invite_without_seat(session):
    Registration.objects.filter(pk=a_seat().pk).update(status=Status.CANCELLED, cancelled_at=NOW)


def plant_wrong_history(session):
    RegistrationLog.objects.filter(registration=a_seat()).update(status=Status.WAITLISTED)


def plant_no_history(session):
    RegistrationLog.objects.filter(registration=a_seat()).delete()


@pytest.mark.parametrize(
    ("plant", "invariant"),
    [
        (plant_overbooking, "more_seats_than_capacity"),
        (plant_free_seat, "free_seat_beside_somebody_waiting"),
        (plant_other_slot, "slot_differs_from_session"),
        (plant_waiting_beside_a_seat, "waiting_beside_an_own_seat"),
        (plant_claim_on_cancelled_session, "claim_on_a_cancelled_session"),
        (plant_seat_without_invite, "seat_without_an_invite"),
        (plant_invite_without_seat, "invite_without_a_seat"),
        (plant_wrong_history, "history_differs_from_state"),
        (plant_no_history, "history_differs_from_state"),
    ],
)
def test_audit_finds_a_planted_fault(full_session, plant, invariant):
    plant(full_session)

    assert invariant in audit_seats(now=NOW)


@pytest.mark.postgresql  # SQLite cannot drop a constraint inside a transaction
@pytest.mark.parametrize(
    ("constraint", "change", "invariant"),
    [
        ("one_active_registration", "session", "two_claims_on_one_session"),
        ("one_seat_per_slot", "slot", "two_seats_in_one_slot"),
        ("waiting_has_a_moment", "moment", "waiting_without_a_moment"),
        ("cancelled_has_a_moment", "cancelled", "moment_differs_from_state"),
    ],
)
def test_audit_finds_what_the_constraints_refuse(full_session, constraint, change, invariant):
    """The constraint is taken away for the length of the test, as a damaged restore would."""
    first, second = Registration.objects.filter(status=Status.CONFIRMED)
    _drop(constraint)
    if change == "session":
        _drop("one_seat_per_slot")
    changes: dict[str, dict[str, Any]] = {
        "session": {"attendee": first.attendee},
        "slot": {"attendee": first.attendee},
        "moment": {"status": Status.WAITLISTED, "waitlisted_at": None},
        "cancelled": {"status": Status.CANCELLED, "cancelled_at": None},
    }
    if change == "slot":
        _drop("one_active_registration")

    Registration.objects.filter(pk=second.pk).update(**changes[change])

    assert invariant in audit_seats(now=NOW)


def _drop(constraint: str) -> None:
    connection.check_constraints()  # PostgreSQL alters no table while deferred checks are pending
    constraints = {c.name: c for c in Registration._meta.constraints}
    with connection.schema_editor() as editor:
        editor.remove_constraint(Registration, constraints[constraint])


def test_the_command_exits_with_the_offending_ids(full_session):
    plant_overbooking(full_session)
    out = StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("audit_seats", "--json", stdout=out)

    assert stopped.value.code == 1
    assert json.loads(out.getvalue())["more_seats_than_capacity"] == [str(full_session.key)]


def test_the_command_says_that_all_is_well(full_session):
    out = StringIO()

    call_command("audit_seats", stdout=out)

    assert "invariants hold" in out.getvalue()
