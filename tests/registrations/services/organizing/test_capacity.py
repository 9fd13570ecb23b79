from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import EventStatus, SessionStatus
from events.models import Event, Session
from events.services.refusals import UnableToChange
from project.outbox.models import Message
from registrations.enums import Action, InviteState, Status
from registrations.models import Invite, Registration
from registrations.services.organizing import capacity
from tests.factories import NOW, make_event, make_person, make_session, make_venue
from tests.registrations.support.screens import fill

pytestmark = pytest.mark.django_db


def statuses():
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


def state():
    """All that a refusal must leave as it was."""
    sessions = list(Session.objects.order_by("pk").values())
    return sessions, list(Registration.objects.order_by("pk").values()), Message.objects.count()


def test_resize_session_promotes_people_who_wait_in_order():
    session = make_session(capacity=1)
    fill(session, 4)

    capacity.resize_session(session_key=session.key, capacity=3, now=NOW)

    assert statuses() == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "WAITLISTED"]
    assert Message.objects.filter(kind="registration-promoted").count() == 2
    assert Invite.objects.filter(state=InviteState.ACTIVE, sequence=0).count() == 3


def test_resize_session_down_to_the_seats_taken_keeps_everybody():
    session = make_session(capacity=5)
    fill(session, 2)

    capacity.resize_session(session_key=session.key, capacity=2, now=NOW)

    session.refresh_from_db()
    assert (session.capacity, statuses()) == (2, ["CONFIRMED", "CONFIRMED"])


@pytest.mark.parametrize(
    ("seats", "code"), [(1, "below-seats-taken"), (11, "room-too-small"), (-1, "too-many"), (10_001, "too-many")]
)
def test_resize_session_is_refused(seats, code):
    session = make_session(capacity=3, venue=make_venue(capacity=10))
    fill(session, 4)
    Registration.objects.filter(pk=Registration.objects.order_by("pk")[0].pk).update(
        status=Status.CANCELLED, cancelled_at=NOW
    )
    before = state()

    with pytest.raises(UnableToChange) as refusal:
        capacity.resize_session(session_key=session.key, capacity=seats, now=NOW)

    assert (refusal.value.code, refusal.value.field) == (code, "capacity")
    assert refusal.value.text
    assert state() == before


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"status": SessionStatus.CANCELLED}, "cancelled"),
        ({"status": SessionStatus.HELD}, "started"),
        ({"starts_at": NOW}, "started"),
    ],
)
def test_resize_session_that_is_over_is_refused(overrides, code):
    session = make_session(**overrides)
    before = state()

    with pytest.raises(UnableToChange, match=code):
        capacity.resize_session(session_key=session.key, capacity=5, now=NOW)

    assert state() == before


@pytest.mark.parametrize("seats", [1, 2, 3, 9])
def test_preview_resize_says_what_resize_session_does_and_writes_nothing(seats):
    session = make_session(capacity=1)
    fill(session, 4)
    before = state()

    plan = capacity.preview_resize(session_key=session.key, capacity=seats, now=NOW)

    assert state() == before
    capacity.resize_session(session_key=session.key, capacity=seats, now=NOW)
    promoted = Registration.objects.filter(source="WAITLIST").order_by("pk")
    assert list(promoted) == plan.promoted
    assert Registration.objects.waiting().count() == plan.staying
    assert seats - Registration.objects.holding_a_seat().count() == plan.left


@pytest.mark.parametrize(
    ("model", "overrides"),
    [
        (Session, {"closes_at": NOW}),
        (Event, {"status": EventStatus.CANCELLED}),
        (Event, {"status": EventStatus.ARCHIVED}),
    ],
)
def test_preview_resize_promotes_nobody_where_the_list_stands_still(model, overrides):
    session = make_session(capacity=1)
    fill(session, 2)
    model.objects.update(**overrides)

    plan = capacity.preview_resize(session_key=session.key, capacity=2, now=NOW)

    assert (plan.promoted, plan.staying) == ([], 1)
    capacity.resize_session(session_key=session.key, capacity=2, now=NOW)
    assert statuses() == ["CONFIRMED", "WAITLISTED"]


def test_preview_resize_refuses_as_the_change_would():
    session = make_session(capacity=2)
    fill(session, 2)

    with pytest.raises(UnableToChange, match="below-seats-taken"):
        capacity.preview_resize(session_key=session.key, capacity=1, now=NOW)


def test_cancel_session_tells_everybody_and_empties_every_calendar():
    session, actor = make_session(capacity=2), make_person()
    claims = fill(session, 3)

    capacity.cancel_session(session_key=session.key, actor=actor, now=NOW)

    session.refresh_from_db()
    assert session.status == SessionStatus.CANCELLED
    assert statuses() == ["CANCELLED"] * 3
    told = Message.objects.filter(kind="session-cancelled")
    assert {message.subject_id for message in told} == {claim.key for claim in claims}
    assert [bool(message.facts.get("invite")) for message in told.order_by("pk")] == [True, True, False]
    assert {invite.sequence for invite in Invite.objects.all()} == {1}
    assert {invite.state for invite in Invite.objects.all()} == {InviteState.CANCELLED}
    assert [claim.log.last().action for claim in claims] == [Action.SESSION_CANCELLED] * 3
    assert {claim.log.last().actor for claim in claims} == {actor}


def test_cancel_session_twice_changes_nothing():
    session, actor = make_session(), make_person()
    fill(session, 1)
    capacity.cancel_session(session_key=session.key, actor=actor, now=NOW)
    before = state()

    capacity.cancel_session(session_key=session.key, actor=actor, now=NOW + timedelta(hours=1))

    assert state() == before


def test_cancel_session_that_has_started_is_refused():
    session = make_session()
    fill(session, 1)
    before = state()

    with pytest.raises(UnableToChange, match="started"):
        capacity.cancel_session(session_key=session.key, actor=make_person(), now=session.starts_at)

    assert state() == before


def test_cancel_session_leaves_the_seats_of_other_dates():
    event = make_event()
    session, other = make_session(event=event), make_session(event=event)
    fill(session, 1)
    fill(other, 1)

    capacity.cancel_session(session_key=session.key, actor=make_person(), now=NOW)

    assert Registration.objects.get(session=other).status == Status.CONFIRMED


def test_preview_cancel_counts_the_people_it_tells():
    session = make_session(capacity=2)
    fill(session, 5)
    before = state()

    plan = capacity.preview_cancel(session_key=session.key, now=NOW)

    assert (plan.seats_taken, plan.waiting_count) == (2, 3)
    assert state() == before


def test_preview_cancel_of_a_session_that_started_is_refused():
    session = make_session(starts_at=NOW)

    with pytest.raises(UnableToChange, match="started"):
        capacity.preview_cancel(session_key=session.key, now=NOW)
