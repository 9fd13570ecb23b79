from __future__ import annotations

from datetime import timedelta

import pytest

from events.services.refusals import UnableToChange
from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.enums import Action, CancelledBy, Status
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import booking
from registrations.services.organizing import approval, capacity
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def actor():
    return make_organizer()


@pytest.fixture
def session():
    return make_session(capacity=1, event=make_event(needs_approval=True))


def ask(session, person=None, now=NOW):
    return booking.sign_up(session_key=session.key, attendee=person or make_person(), now=now)


def approve(claim, actor, now=LATER):
    return approval.approve(registration_key=claim.key, actor=actor, now=now)


def turn_down(claim, actor, reason="", now=LATER):
    return approval.turn_down(registration_key=claim.key, actor=actor, reason=reason, now=now)


def state():
    return [list(model.objects.order_by("pk").values()) for model in (Registration, RegistrationLog, Message)]


def test_approve_gives_a_free_seat(session, actor):
    claim = ask(session)

    approve(claim, actor)

    claim.refresh_from_db()
    assert (claim.status, claim.confirmed_at) == (Status.CONFIRMED, LATER)
    assert (claim.log.last().action, claim.log.last().actor) == (Action.APPROVED, actor)
    assert Message.objects.get(kind="registration-confirmed").recipient == claim.attendee
    assert audit_seats(now=LATER) == {}


def test_approve_of_a_full_date_waits_from_the_moment_of_the_request(session, actor):
    asked_first, asked_second, seated = ask(session), ask(session), ask(session)
    for claim in (seated, asked_second, asked_first):
        approve(claim, actor)

    queue = list(Registration.objects.waiting().in_queue_order())

    assert queue == [asked_first, asked_second]
    assert queue[0].waitlisted_at == NOW
    assert Message.objects.filter(kind="registration-waitlisted").count() == 2
    assert audit_seats(now=LATER) == {}


def test_approve_twice_is_once(session, actor):
    seated, waiting = ask(session), ask(session)
    for claim in (seated, waiting):
        approve(claim, actor)
    before = state()

    for claim in (seated, waiting):
        approve(claim, actor)

    assert state() == before


def test_approve_gives_a_seat_that_is_held_to_its_group_only(actor):
    session = make_session(
        capacity=1,
        event=make_event(needs_approval=True),
        held_seats=1,
        held_audiences=("STUDENT",),
        held_until=NOW + timedelta(days=5),
    )
    member = make_person(audience=Audience.STUDENT)
    other, held_for = ask(session), ask(session, member)

    assert approve(other, actor).status == Status.WAITLISTED
    assert approve(held_for, actor).status == Status.CONFIRMED


def test_approve_close_to_the_start_takes_nobodys_turn(session, actor):
    first, second, seated = ask(session), ask(session), ask(session)
    approve(seated, actor)
    approve(first, actor)
    soon = session.starts_at - timedelta(hours=2)
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=soon)

    approve(second, actor, now=soon)

    second.refresh_from_db()
    assert second.status == Status.WAITLISTED
    assert Message.objects.filter(kind="seat-open").count() == 2


def test_approve_ends_the_requests_for_other_dates(session, actor):
    other = make_session(event=session.event, starts_at=session.starts_at + timedelta(days=1))
    person = make_person()
    here, there = ask(session, person), ask(other, person)

    approve(here, actor)

    there.refresh_from_db()
    assert (there.status, there.log.last().action) == (Status.CANCELLED, Action.SUPERSEDED)


def test_approve_refuses_what_was_taken_back(session, actor):
    claim = ask(session)
    booking.cancel(registration_key=claim.key, actor=claim.attendee, now=NOW)
    before = state()

    with pytest.raises(UnableToChange, match="not-asked"):
        approve(claim, actor)

    assert state() == before


def test_approve_refuses_after_the_start(session, actor):
    claim = ask(session)
    before = state()

    with pytest.raises(UnableToChange, match="started"):
        approve(claim, actor, now=session.starts_at)

    assert state() == before


def test_approve_after_sign_up_has_closed_still_gives_a_seat(actor):
    session = make_session(event=make_event(needs_approval=True), closes_at=LATER)
    claim = ask(session)

    assert approve(claim, actor, now=LATER).status == Status.CONFIRMED


def test_approve_refuses_where_no_list_is_kept(actor):
    session = make_session(capacity=1, event=make_event(needs_approval=True), has_waiting_list=False)
    claims = [ask(session), ask(session)]
    approve(claims[0], actor)
    before = state()

    with pytest.raises(UnableToChange, match="full"):
        approve(claims[1], actor)

    assert state() == before


@pytest.mark.parametrize("number", [1, 20])
def test_approve_costs_the_same_beside_one_and_many(actor, number, django_assert_num_queries):
    session = make_session(capacity=number, event=make_event(needs_approval=True))
    for person in make_people(number):
        approve(ask(session, person), actor)
    claim = ask(session)

    with django_assert_num_queries(15):
        approve(claim, actor)


def test_turn_down_tells_why(session, actor):
    claim = ask(session)

    for _ in range(2):
        turn_down(claim, actor, "This one is for supervisors.")

    claim.refresh_from_db()
    assert (claim.status, claim.cancelled_by) == (Status.CANCELLED, CancelledBy.HOUSE)
    entry = claim.log.last()
    assert (entry.action, entry.actor, entry.reason) == (Action.REFUSED, actor, "This one is for supervisors.")
    assert Message.objects.get(kind="request-declined").facts["reason"] == "This one is for supervisors."


def test_turn_down_lets_somebody_ask_again(session, actor):
    person = make_person()
    turn_down(ask(session, person), actor)

    assert ask(session, person, LATER).status == Status.REQUESTED


def test_turn_down_refuses_what_was_approved(session, actor):
    claim = ask(session)
    approve(claim, actor)
    before = state()

    with pytest.raises(UnableToChange, match="approved"):
        turn_down(claim, actor)

    assert state() == before


def test_turn_down_after_the_session_was_cancelled_changes_nothing(session, actor):
    claim = ask(session)
    capacity.cancel_session(session_key=session.key, actor=actor, now=NOW)
    before = state()

    turn_down(claim, actor)

    assert state() == before


@pytest.mark.parametrize(("reason", "code"), [("x" * 301, "reason-too-long"), ("No\x00", "unreadable")])
def test_turn_down_refuses_a_reason_that_nobody_could_read(session, actor, reason, code):
    claim = ask(session)
    before = state()

    with pytest.raises(UnableToChange) as refused:
        turn_down(claim, actor, reason=reason)

    assert refused.value.code == code
    assert state() == before


def test_turn_down_keeps_a_reason_without_signs_that_nobody_sees(session, actor):
    claim = ask(session)

    turn_down(claim, actor, reason=" Full\u202e\u200b ")

    assert RegistrationLog.objects.get(action=Action.REFUSED).reason == "Full"
