from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from registrations.enums import Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.services.attending import booking, wishes
from registrations.services.seats.audit import INVARIANTS, audit_seats
from tests.factories import NOW, make_people, make_person, make_session
from tests.registrations.support.seats.offered import offer_to

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


def plant_small_room(session):
    session.venue.capacity = 1
    session.venue.save()


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


def plant_swap_of_a_seat_that_is_not_held(session):
    """Somebody waits to replace the seat of somebody else."""
    waiting = Registration.objects.get(status=Status.WAITLISTED)
    Registration.objects.filter(pk=waiting.pk).update(replaces=a_seat())


def plant_offer_after_the_start(session):
    offered = offer_to(make_person())
    late = offered.session.starts_at + timedelta(minutes=1)
    Registration.objects.filter(pk=offered.pk).update(offer_expires_at=late)


def plant_offer_after_the_closing(session):
    offered = offer_to(make_person())
    closes_at = offered.offer_expires_at - timedelta(minutes=1)
    type(session).objects.filter(pk=offered.session.pk).update(closes_at=closes_at)


def plant_wish_of_two_moments(session):
    other = make_session(event=session.event, capacity=0)
    person = Registration.objects.get(status=Status.WAITLISTED).attendee
    more = wishes.wait_for(session_key=other.key, attendee=person, now=NOW)
    Registration.objects.filter(pk=more.pk).update(waitlisted_at=NOW + timedelta(hours=1))


def plant_free_seat_of_a_group(session):
    """The hold counts: what is free is only free for a student, and a student waits."""
    student = make_person(audience="STUDENT")
    booking.sign_up(session_key=session.key, attendee=student, now=NOW)
    hold = {"held_seats": 1, "held_audiences": ("STUDENT",), "held_until": NOW + timedelta(days=1)}
    type(session).objects.filter(pk=session.pk).update(capacity=3, **hold)


def plant_slot_let_go_too_early(session):
    Registration.objects.filter(pk=a_seat().pk).update(fills_slot=False)


def plant_wrong_history(session):
    RegistrationLog.objects.filter(registration=a_seat()).update(status=Status.WAITLISTED)


def plant_no_history(session):
    RegistrationLog.objects.filter(registration=a_seat()).delete()


PLANTED = [
    (plant_overbooking, "more_seats_than_capacity"),
    (plant_small_room, "more_people_than_the_room_holds"),
    (plant_free_seat, "free_seat_beside_somebody_waiting"),
    (plant_other_slot, "slot_differs_from_session"),
    (plant_waiting_beside_a_seat, "waiting_beside_an_own_seat"),
    (plant_claim_on_cancelled_session, "claim_on_a_cancelled_session"),
    (plant_seat_without_invite, "seat_without_an_invite"),
    (plant_invite_without_seat, "invite_without_a_seat"),
    (plant_swap_of_a_seat_that_is_not_held, "replaces_what_is_not_held"),
    (plant_offer_after_the_start, "offer_outlasts_its_session"),
    (plant_offer_after_the_closing, "offer_outlasts_its_session"),
    (plant_wish_of_two_moments, "wish_of_two_moments"),
    (plant_free_seat_of_a_group, "free_seat_beside_somebody_waiting"),
    (plant_slot_let_go_too_early, "slot_let_go_too_early"),
    (plant_wrong_history, "history_differs_from_state"),
    (plant_no_history, "history_differs_from_state"),
]


@pytest.mark.parametrize(("plant", "invariant"), PLANTED)
def test_audit_finds_a_planted_fault(full_session, plant, invariant):
    plant(full_session)

    assert invariant in audit_seats(now=NOW)


REFUSED_BY_CONSTRAINTS = [
    ("one_active_registration", "session", "two_claims_on_one_session"),
    ("one_seat_per_slot", "slot", "two_seats_in_one_slot"),
    ("waiting_has_a_moment", "moment", "waiting_without_a_moment"),
    ("cancelled_has_a_moment", "cancelled", "moment_differs_from_state"),
]


@pytest.mark.postgresql  # SQLite cannot drop a constraint inside a transaction
@pytest.mark.parametrize(("constraint", "change", "invariant"), REFUSED_BY_CONSTRAINTS)
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


def test_every_invariant_has_a_fault_that_it_finds():
    found = {invariant for _, invariant in PLANTED} | {invariant for _, _, invariant in REFUSED_BY_CONSTRAINTS}

    assert found == {invariant.__name__ for invariant in INVARIANTS}


def test_a_seat_that_is_held_for_others_is_not_free(full_session):
    hold = {"held_seats": 1, "held_audiences": ("STUDENT",), "held_until": NOW + timedelta(days=1)}
    type(full_session).objects.filter(pk=full_session.pk).update(capacity=3, **hold)

    assert audit_seats(now=NOW) == {}


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
