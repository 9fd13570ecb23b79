"""Two people at once, on PostgreSQL: SQLite serialises writers and cannot show that the lock exists.

Each race stands beside a negative control in which the lock is taken out, so that a green test means the lock and not
luck. With `in_step` nobody commits before all have decided, so a control goes wrong each time, and where the lock is
there, the others are known to wait for it.
"""

from __future__ import annotations

from functools import partial
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from registrations.enums import Status
from registrations.models import RegistrationLog
from registrations.services import lock
from registrations.services.organizing import capacity
from registrations.services.seats import waitlist
from tests.factories import NOW, make_people, make_person, make_session
from tests.registrations.support.races import at_once, broken, cancelling, counts, sign_up, signing_up, states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql,
    pytest.mark.usefixtures("in_step"),
]


def rush_for_the_last_seat(number):
    session = make_session(capacity=1)
    answers = at_once(*[signing_up(session, person) for person in make_people(number)])
    return session, answers


def test_the_last_seat_is_given_once():
    session, answers = rush_for_the_last_seat(12)

    assert counts(session) == (1, 11)
    assert broken(answers) == []


def test_without_the_lock_the_last_seat_goes_to_several(without_the_lock):
    session, _ = rush_for_the_last_seat(12)

    assert counts(session)[0] > 1


def double_click():
    session, person = make_session(), make_person()
    return at_once(*[signing_up(session, person)] * 4)


def test_a_double_click_gives_one_registration_and_no_error():
    answers = double_click()

    assert len({answer.pk for answer in answers}) == 1
    assert broken(answers) == []


def test_without_the_lock_a_double_click_runs_into_the_constraint(without_the_lock):
    assert "constraint" in broken(double_click())


def cancel_against_sign_up():
    session = make_session(capacity=1)
    holder, waiting, newcomer = make_people(3)
    seat, first = sign_up(session, holder), sign_up(session, waiting)
    answers = at_once(cancelling(seat), signing_up(session, newcomer))
    return first, answers


def test_a_seat_given_back_goes_to_somebody_who_waited_and_not_to_a_newcomer():
    for _ in range(3):
        first, answers = cancel_against_sign_up()

        assert states(first) == [Status.CONFIRMED]
        assert broken(answers) == []


def cancel_against_first_sign_up():
    """The newcomer sees a full session, and the one who leaves sees nobody waiting."""
    session = make_session(capacity=1)
    seat = sign_up(session, make_person())
    return at_once(cancelling(seat), signing_up(session, make_person()))


def test_somebody_who_signs_up_while_the_seat_comes_free_gets_it():
    for _ in range(3):
        answers = cancel_against_first_sign_up()

        assert states(answers[1]) == [Status.CONFIRMED]
        assert broken(answers) == []


def test_without_the_lock_somebody_waits_for_the_seat_that_came_free(without_the_lock):
    assert "free_seat_beside_somebody_waiting" in broken(cancel_against_first_sign_up())


def two_cancels_one_waiter():
    session = make_session(capacity=2)
    seats = [sign_up(session, person) for person in make_people(3)]
    answers = at_once(*[cancelling(seat) for seat in seats[:2]])
    return seats[2], answers


def promotions(claim):
    return RegistrationLog.objects.filter(registration=claim, action="PROMOTED").count()


def test_two_cancels_promote_one_person_once():
    waiting, answers = two_cancels_one_waiter()

    assert states(waiting) == [Status.CONFIRMED]
    assert promotions(waiting) == 1
    assert broken(answers) == []


def test_without_the_lock_two_cancels_promote_one_person_twice(without_the_lock):
    _, answers = two_cancels_one_waiter()

    assert {"constraint", "deadlock"} & set(broken(answers))


def resize_against_sign_up():
    session = make_session(capacity=1)
    sign_up(session, make_person())
    resize = partial(capacity.resize_session, session_key=session.key, capacity=2, now=NOW)
    answers = at_once(resize, signing_up(session, make_person()), signing_up(session, make_person()))
    return session, answers


def test_a_resize_beside_sign_ups_fills_exactly_the_new_seats():
    session, answers = resize_against_sign_up()

    assert counts(session) == (2, 1)
    assert broken(answers) == []


def test_without_the_lock_a_resize_leaves_a_wrong_number_of_seats(without_the_lock):
    session, answers = resize_against_sign_up()

    assert counts(session) != (2, 1)
    assert "free_seat_beside_somebody_waiting" in broken(answers)


def shrink_against_sign_up():
    session = make_session(capacity=2)
    sign_up(session, make_person())
    shrink = partial(capacity.resize_session, session_key=session.key, capacity=1, now=NOW)
    return at_once(shrink, signing_up(session, make_person()))


def test_seats_are_not_taken_away_from_somebody_who_signs_up_meanwhile():
    for _ in range(3):
        assert broken(shrink_against_sign_up()) == []


def test_without_the_lock_a_seat_is_given_out_that_is_taken_away(without_the_lock):
    assert "more_seats_than_capacity" in broken(shrink_against_sign_up())


def test_a_plain_insert_that_refers_to_the_event_is_not_blocked_by_the_lock():
    """`FOR NO KEY UPDATE` lets foreign keys check the row; a full `FOR UPDATE` would hold them up."""
    session = make_session()
    with transaction.atomic():
        lock.lock_session(session.key)

        answers = at_once(partial(make_session, event=session.event))

    assert answers[0].pk


def test_a_plain_insert_would_be_blocked_by_a_full_lock():
    session = make_session()
    is_locked, ended = Event(), Event()

    def insert():
        try:
            assert is_locked.wait(timeout=10)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                make_session(event=session.event)
        finally:
            ended.set()

    def hold():
        with transaction.atomic():
            type(session.event).objects.select_for_update().get(pk=session.event_id)
            is_locked.set()
            assert ended.wait(timeout=10)

    answers = at_once(hold, insert)

    assert isinstance(answers[1], OperationalError)


def settle_three_times():
    session = make_session(capacity=0)
    waiting = [sign_up(session, person) for person in make_people(3)]
    type(session).objects.filter(pk=session.pk).update(capacity=2)
    answers = at_once(*[partial(waitlist.settle_event, event_id=session.event_id, now=NOW)] * 3)
    return waiting, answers


def test_settling_several_times_at_once_promotes_nobody_twice():
    waiting, answers = settle_three_times()

    assert states(*waiting) == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED]
    assert [promotions(claim) for claim in waiting] == [1, 1, 0]
    assert broken(answers) == []


def test_without_the_lock_settling_at_once_promotes_twice(without_the_lock):
    _, answers = settle_three_times()

    assert {"constraint", "deadlock"} & set(broken(answers))
