"""Two people at once, on PostgreSQL: SQLite serialises writers and cannot show that the lock exists.

Each race stands beside a negative control in which the lock is taken out, so that a green test means the lock and not luck. A trigger
that sleeps before each insert makes the window wide.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from registrations.enums import Status
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.services import booking, capacity, lock, waitlist
from registrations.services.audit import audit_seats
from tests.factories import NOW, make_people, make_person, make_session

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

SLOW_INSERT = """
CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
CREATE TRIGGER pause BEFORE INSERT ON registrations_registration FOR EACH ROW EXECUTE FUNCTION pause();
"""


@pytest.fixture(autouse=True)
def slow_inserts():
    with connection.cursor() as cursor:
        cursor.execute(SLOW_INSERT)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION pause() CASCADE")


@pytest.fixture
def without_the_lock(monkeypatch):
    monkeypatch.setattr(lock, "_lock", lambda _event: None)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Runs the verbs in threads of their own, started together; answers what each returned or raised."""
    start = Barrier(len(verbs))

    def run(verb):
        try:
            start.wait(timeout=10)
            return verb()
        except (booking.UnableToRegister, capacity.UnableToChange, IntegrityError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def rush_for_the_last_seat():
    session = make_session(capacity=1)
    sign_ups = [partial(booking.sign_up, session_key=session.key, attendee=p, now=NOW) for p in make_people(8)]
    at_once(*sign_ups)
    return session


def test_the_last_seat_is_given_once():
    session = rush_for_the_last_seat()

    counted = annotate_seats(type(session).objects.filter(pk=session.pk)).get()
    assert (counted.seats_taken, counted.waiting_count) == (1, 7)
    assert audit_seats(now=NOW) == {}


def test_without_the_lock_the_last_seat_is_given_more_than_once(without_the_lock):
    session = rush_for_the_last_seat()

    assert annotate_seats(type(session).objects.filter(pk=session.pk)).get().seats_taken > 1


def double_click():
    session, person = make_session(), make_person()
    return at_once(*[partial(booking.sign_up, session_key=session.key, attendee=person, now=NOW)] * 4)


def test_a_double_click_gives_one_registration_and_no_error():
    answers = double_click()

    assert len({answer.pk for answer in answers}) == 1
    assert audit_seats(now=NOW) == {}


def test_without_the_lock_a_double_click_runs_into_the_constraint(without_the_lock):
    answers = double_click()

    assert any(isinstance(answer, IntegrityError) for answer in answers)


def cancel_against_sign_up():
    session = make_session(capacity=1)
    holder, waiting, newcomer = make_people(3)
    seat = booking.sign_up(session_key=session.key, attendee=holder, now=NOW)
    first = booking.sign_up(session_key=session.key, attendee=waiting, now=NOW)
    at_once(
        partial(booking.cancel, registration_key=seat.key, actor=holder, now=NOW),
        partial(booking.sign_up, session_key=session.key, attendee=newcomer, now=NOW),
    )
    return first


def test_a_seat_given_back_goes_to_who_waited_and_not_to_a_newcomer():
    for _ in range(3):
        first = cancel_against_sign_up()

        first.refresh_from_db()
        assert first.status == Status.CONFIRMED
        assert audit_seats(now=NOW) == {}


def two_cancels_one_waiter():
    session = make_session(capacity=2)
    people = make_people(3)
    seats = [booking.sign_up(session_key=session.key, attendee=person, now=NOW) for person in people]
    at_once(
        *[
            partial(booking.cancel, registration_key=seat.key, actor=person, now=NOW)
            for seat, person in zip(seats[:2], people, strict=False)
        ]
    )
    return seats[2]


def test_two_cancels_promote_one_person_once():
    waiting = two_cancels_one_waiter()

    waiting.refresh_from_db()
    assert waiting.status == Status.CONFIRMED
    assert waiting.log.filter(action="PROMOTED").count() == 1
    assert audit_seats(now=NOW) == {}


def resize_against_sign_up():
    session = make_session(capacity=1)
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)
    at_once(
        partial(capacity.resize_session, session_key=session.key, capacity=2, now=NOW),
        partial(booking.sign_up, session_key=session.key, attendee=make_person(), now=NOW),
        partial(booking.sign_up, session_key=session.key, attendee=make_person(), now=NOW),
    )
    return session


def test_a_resize_beside_sign_ups_fills_exactly_the_new_seats():
    session = resize_against_sign_up()

    counted = annotate_seats(type(session).objects.filter(pk=session.pk)).get()
    assert (counted.seats_taken, counted.waiting_count) == (2, 1)
    assert audit_seats(now=NOW) == {}


def test_a_plain_insert_that_refers_to_the_event_is_not_blocked_by_the_lock():
    """`FOR NO KEY UPDATE` lets foreign keys check the row; a full `FOR UPDATE` would hold them up."""
    session = make_session()
    with transaction.atomic():
        lock.lock_session(session.key)

        answers = at_once(partial(make_session, event=session.event))

    assert answers[0].pk


def test_settling_twice_at_once_promotes_nobody_twice():
    session = make_session(capacity=0)
    for person in make_people(3):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    type(session).objects.filter(pk=session.pk).update(capacity=2)

    at_once(*[partial(waitlist.settle_event, event_id=session.event_id, now=NOW)] * 3)

    assert Registration.objects.holding_a_seat().count() == 2
    assert audit_seats(now=NOW) == {}
