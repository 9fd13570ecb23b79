"""What the door leaves behind: who has done the event, and what became of a wish to swap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.enums import Status
from registrations.models import Completion, Registration
from registrations.services.attending import swaps
from registrations.services.door import attendance
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import fill, opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return make_person()


def let_in(session, address, host):
    return attendance.walk_in(session_key=session.key, address=address, actor=host, now=opening(session))


def test_finish_notes_who_has_done_the_event(host):
    session = make_session()
    came, _absent = fill(session, 2)
    attendance.check_in(registration_key=came.key, actor=host, now=opening(session))
    walked = let_in(session, "walk-in@demo.example", host)

    for _ in range(2):
        attendance.finish(session_key=session.key, actor=host, now=session.ends_at)

    assert {done.person for done in Completion.objects.all()} == {came.attendee, walked.attendee}
    assert {(done.event, done.completed_at) for done in Completion.objects.all()} == {(session.event, session.ends_at)}


def test_finish_of_another_date_keeps_the_first_completion(host):
    first = make_session()
    person = make_person()
    second = make_session(event=first.event, starts_at=first.starts_at + timedelta(days=7))
    for session in (first, second):
        let_in(session, person.email, host)
        attendance.finish(session_key=session.key, actor=host, now=session.ends_at)

    assert Completion.objects.get().completed_at == first.ends_at


def test_finish_of_a_discreet_session_notes_nobody(host):
    session = make_session(event=make_event(is_discreet=True))
    let_in(session, "walk-in@demo.example", host)

    attendance.finish(session_key=session.key, actor=host, now=session.ends_at)

    assert not Completion.objects.exists()


@pytest.mark.parametrize("number", [1, 20])
def test_finish_costs_the_same_for_one_and_many(host, number, django_assert_num_queries):
    session = make_session(capacity=20)
    for claim in fill(session, number):
        attendance.check_in(registration_key=claim.key, actor=host, now=opening(session))

    with django_assert_num_queries(14):
        attendance.finish(session_key=session.key, actor=host, now=session.ends_at)


def two_dates(**overrides):
    first = make_session(capacity=1, **overrides)
    return first, make_session(capacity=1, event=first.event, starts_at=first.starts_at + timedelta(days=1))


def test_walk_in_of_somebody_who_waits_for_a_swap_keeps_the_seat_elsewhere(host):
    first, second = two_dates()
    fill(first, 1)
    [seat] = fill(second, 1)
    wish = swaps.swap(registration_key=seat.key, session_key=first.key, attendee=seat.attendee, now=NOW)

    walked = let_in(first, seat.attendee.email, host)

    seat.refresh_from_db()
    assert (walked.pk, walked.is_walk_in, walked.replaces) == (wish.pk, True, None)
    assert seat.status == Status.CONFIRMED
    assert audit_seats(now=opening(first)) == {}


def test_walk_in_with_an_offer_to_swap_gives_the_other_seat_up(host):
    first, second = two_dates()
    fill(first, 1)
    [seat] = fill(second, 1)
    wish = swaps.swap(registration_key=seat.key, session_key=first.key, attendee=seat.attendee, now=NOW)
    Registration.objects.filter(pk=wish.pk).update(status=Status.OFFERED, offer_expires_at=first.starts_at)
    Registration.objects.filter(session=first).exclude(pk=wish.pk).delete()

    walked = let_in(first, seat.attendee.email, host)

    seat.refresh_from_db()
    assert (walked.pk, walked.status, walked.replaces) == (wish.pk, Status.CONFIRMED, None)
    assert seat.status == Status.CANCELLED
    assert audit_seats(now=opening(first)) == {}
