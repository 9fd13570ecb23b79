from __future__ import annotations

from datetime import timedelta

import pytest

from events.models import Session
from events.services.refusals import UnableToChange
from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import booking
from registrations.services.organizing import holds
from registrations.services.organizing.holds import Hold
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_organizer, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db

UNTIL = NOW + timedelta(days=3)
STUDENTS = Hold(seats=1, audiences=("STUDENT",), until=UNTIL)


@pytest.fixture
def actor():
    return make_organizer()


def sign_up(session, **overrides):
    return booking.sign_up(session_key=session.key, attendee=make_person(**overrides), now=NOW)


def hold(session, facts, actor, now=NOW):
    return holds.hold_seats(session_key=session.key, hold=facts, actor=actor, now=now)


def state():
    models = (Session, Registration, RegistrationLog, Message)
    return [list(model.objects.order_by("pk").values()) for model in models]


def held(session):
    return Session.objects.values_list("held_seats", "held_audiences", "held_units", "held_until").get(pk=session.pk)


def test_hold_seats_keeps_them_for_the_group(actor):
    session = make_session(capacity=2)

    hold(session, STUDENTS, actor)

    assert [sign_up(session).status for _ in range(2)] == [Status.CONFIRMED, Status.WAITLISTED]
    assert sign_up(session, audience=Audience.STUDENT).status == Status.CONFIRMED
    assert held(session) == (1, ("STUDENT",), (), UNTIL)


def test_hold_seats_counts_members_who_have_a_seat_already(actor):
    session = make_session(capacity=2)
    sign_up(session, audience=Audience.STUDENT)

    hold(session, STUDENTS, actor)

    assert sign_up(session).status == Status.CONFIRMED


def test_hold_seats_evicts_nobody(actor):
    session = make_session(capacity=2)
    seats = [sign_up(session), sign_up(session)]

    hold(session, Hold(seats=2, units=("tpm",), until=UNTIL), actor)

    assert {claim.status for claim in Registration.objects.all()} == {Status.CONFIRMED}
    assert len(seats) == 2
    assert audit_seats(now=NOW) == {}


def test_hold_seats_of_none_lets_in_people_who_waited(actor):
    session = make_session(capacity=1)
    hold(session, STUDENTS, actor)
    waiting = sign_up(session)

    hold(session, Hold(seats=0, audiences=("STUDENT",), until=UNTIL), actor)

    waiting.refresh_from_db()
    assert (waiting.status, held(session)) == (Status.CONFIRMED, (0, (), (), None))


def test_hold_seats_for_another_group_lets_in_its_members_who_waited(actor):
    session = make_session(capacity=1)
    hold(session, STUDENTS, actor)
    other, member = sign_up(session, unit=make_unit("ide")), sign_up(session, unit=make_unit("tpm"))

    hold(session, Hold(seats=1, units=("tpm",), until=UNTIL), actor)

    for claim in (other, member):
        claim.refresh_from_db()
    assert (other.status, member.status) == (Status.WAITLISTED, Status.CONFIRMED)
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        (Hold(seats=-1), "too-many", "seats"),
        (Hold(seats=3, units=("me",), until=UNTIL), "too-many", "seats"),
        (Hold(seats=10**12, units=("me",), until=UNTIL), "too-many", "seats"),
        (Hold(seats=1, until=UNTIL), "for-nobody", "audiences"),
        (Hold(seats=1, units=("me",)), "until-missing", "day"),
        (Hold(seats=1, units=("me",), until=NOW), "until-past", "day"),
        (Hold(seats=1, units=("me",), until=NOW + timedelta(days=11)), "until-too-late", "day"),
    ],
)
def test_hold_seats_refuses(actor, facts, code, field):
    session = make_session(capacity=2)
    before = state()

    for verb in (lambda: hold(session, facts, actor), lambda: preview(session, facts)):
        with pytest.raises(UnableToChange) as refusal:
            verb()
        assert (refusal.value.code, refusal.value.field) == (code, field)
    assert state() == before


@pytest.mark.parametrize(
    ("overrides", "code"), [({"status": "CANCELLED"}, "cancelled"), ({"starts_at": NOW}, "started")]
)
def test_hold_seats_refuses_of_a_date_that_is_over(actor, overrides, code):
    session = make_session(**overrides)
    before = state()

    with pytest.raises(UnableToChange, match=code):
        hold(session, STUDENTS, actor)

    assert state() == before


def test_hold_seats_until_the_closing_at_the_latest(actor):
    session = make_session(closes_at=UNTIL - timedelta(minutes=1))

    with pytest.raises(UnableToChange, match="until-too-late"):
        hold(session, STUDENTS, actor)


def preview(session, facts):
    return holds.preview_hold(session_key=session.key, hold=facts, now=NOW)


def test_preview_hold_says_what_happens_and_writes_nothing(actor):
    session = make_session(capacity=3)
    sign_up(session, audience=Audience.STUDENT)
    hold(session, Hold(seats=2, units=("tpm",), until=UNTIL), actor)
    waiting = [sign_up(session), sign_up(session, audience=Audience.STUDENT)]
    before = state()

    plan = preview(session, Hold(seats=3, audiences=("STUDENT",), until=UNTIL))

    assert (plan.promoted, plan.staying, plan.free_for_group, plan.free_for_others) == (1, 1, 1, 0)
    assert state() == before
    hold(session, plan.hold, actor)
    for claim in waiting:
        claim.refresh_from_db()
    assert [claim.status for claim in waiting] == [Status.WAITLISTED, Status.CONFIRMED]
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize("number", [1, 20])
def test_hold_seats_costs_the_same_beside_one_and_many(actor, number, django_assert_num_queries):
    session = make_session(capacity=number)
    for _ in range(number):
        sign_up(session)

    with django_assert_num_queries(9):
        hold(session, STUDENTS, actor)
