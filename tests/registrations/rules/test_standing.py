"""How one person stands to one session: what their page offers, decided without the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from events.enums import SessionStatus
from events.models import Session
from registrations.enums import UNDO_WINDOW
from registrations.models import Registration
from registrations.querysets import annotate_admission, annotate_seats
from registrations.rules import COLLEAGUE_LAST_CALL, clashes, has_room_for_colleague, has_run_out, standing
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def counted(session, now=NOW):
    found = Session.objects.filter(pk=session.pk).select_related("event", "venue")
    row: Any = annotate_admission(annotate_seats(found, now), None, now).get()
    return row


def stands(session, person, now=NOW, **more):
    own = list(Registration.objects.of(person).select_related("session__event").order_by("pk")) if person else []
    return standing(counted(session, now), person, own, now, **more)


def test_a_visitor_can_try_and_has_nothing():
    row = stands(make_session(), None)

    assert row.can_sign_up
    assert (row.has_seat, row.is_waiting, row.is_offered, row.is_full) == (False, False, False, False)


def test_a_new_seat_can_be_undone_by_the_same_click_for_a_while():
    session, person = make_session(), make_person()
    sign_up(session, person)

    assert stands(session, person).is_new
    assert not stands(session, person, now=NOW + UNDO_WINDOW + HOUR).is_new


def test_what_was_given_back_a_moment_ago_is_shown_with_the_way_back():
    session, person = make_session(), make_person()
    seat = sign_up(session, person)
    booking.cancel(registration_key=seat.key, actor=person, now=NOW)

    row = stands(session, person)

    assert (row.just_cancelled, row.registration) == (seat, None)
    assert row.can_sign_up


def test_a_seat_on_another_date_can_move_here_until_it_begins():
    event, person = make_event(), make_person()
    mine, other = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=11))
    seat = sign_up(mine, person)

    row, late = stands(other, person), stands(other, person, now=mine.starts_at)

    assert (row.refusal, row.other, row.can_swap) == ("slot-taken", seat, True)
    assert (late.refusal, late.other, late.can_swap) == ("slot-taken", None, False)


def test_a_full_session_is_waited_for_where_it_keeps_a_list():
    full, closed = make_session(capacity=0), make_session(capacity=0, has_waiting_list=False)
    person = make_person()

    assert stands(full, person).would_wait
    assert stands(closed, person).refusal == "full-no-waitlist"


def test_a_free_seat_beside_a_list_is_full_for_people_who_let_others_go_first():
    session = make_session(capacity=1)
    for _ in range(2):
        sign_up(session, make_person())
    Session.objects.filter(pk=session.pk).update(capacity=2)  # nobody has filled it yet

    assert not stands(session, make_person()).is_full
    assert stands(session, make_person(), lets_others_go_first=True).is_full
    assert stands(session, make_person(), is_list_due=True).is_full


def test_the_number_of_seats_left_of_a_discreet_session_is_not_shown():
    assert stands(make_session(), None).shown_seats_left == 2
    assert stands(make_session(event=make_event(is_discreet=True)), None).shown_seats_left is None


def test_a_clash_is_a_seat_elsewhere_at_the_same_time():
    person, here = make_person(), make_session()
    there = sign_up(make_session(starts_at=here.starts_at + HOUR), person)
    after = sign_up(make_session(starts_at=here.ends_at), person)
    same_event = sign_up(make_session(event=here.event), make_person())

    assert clashes(there, here)
    assert not clashes(after, here)
    assert not clashes(same_event, here)
    there.session.status = SessionStatus.CANCELLED
    assert not clashes(there, here)


def test_an_offer_has_run_out_at_its_moment():
    offer = Registration(offer_expires_at=NOW)

    assert has_run_out(offer, NOW)
    assert not has_run_out(offer, NOW - timedelta(seconds=1))
    assert not has_run_out(Registration(), NOW)


@pytest.mark.parametrize(
    ("event", "session", "has_room"),
    [
        ({}, {}, True),
        ({"is_discreet": True}, {}, False),
        ({"needs_approval": True}, {}, False),
        ({}, {"is_unlisted": True}, False),
        ({}, {"capacity": 0}, False),
        ({}, {"starts_at": NOW + COLLEAGUE_LAST_CALL}, False),
        ({}, {"starts_at": NOW + COLLEAGUE_LAST_CALL + HOUR}, True),
        ({}, {"held_seats": 2, "held_until": NOW + HOUR, "held_audiences": ("STUDENT",)}, False),
    ],
)
def test_a_colleague_is_asked_along_where_a_seat_is_free_for_everybody(event, session, has_room):
    found = counted(make_session(event=make_event(**event), **session))

    assert has_room_for_colleague(found, NOW) == has_room
