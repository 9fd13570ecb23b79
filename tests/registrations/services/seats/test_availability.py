"""How many seats there are, and for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from project.accounts.enums import Audience
from registrations.enums import Source, Status
from registrations.services.seats.availability import EventSeats, SessionSeats, count_seats
from tests.factories import NOW, make_person, make_session, make_venue
from tests.registrations.support.mails import make_claim, make_offer

if TYPE_CHECKING:
    from registrations.querysets import AdmittedSession

pytestmark = pytest.mark.django_db


def test_seats_that_are_given_out_in_hand_are_counted_at_once():
    session = make_session(capacity=3, held_seats=1, held_until=NOW + timedelta(days=1))
    seats = SessionSeats(session=cast("AdmittedSession", session), held=0, people=0)

    assert (seats.free(is_member=False), seats.free(is_member=True)) == (2, 3)
    seats.count(1, is_member=True)
    assert (seats.free(is_member=False), seats.free(is_member=True)) == (2, 2)
    seats.count(-1, is_member=True)
    assert (seats.free(is_member=False), seats.free(is_member=True)) == (2, 3)


def test_a_session_that_was_not_read_has_nothing_to_give():
    session = make_session()

    assert EventSeats(session.event, {})[session].left == 0


def test_count_seats_leaves_out_offers_that_have_run_out():
    session = make_session(capacity=2)
    offer = make_offer(session=session)
    make_claim(Status.WAITLISTED, session=session)

    before, after = (count_seats([session], now=now)[session.pk] for now in (NOW, offer.offer_expires_at))

    assert (before.held, before.left, before.waiting) == (1, 1, 1)
    assert (after.held, after.left, after.waiting) == (0, 2, 1)


def test_somebody_who_walked_in_fills_the_room_and_takes_no_seat():
    session = make_session(capacity=2, venue=make_venue(capacity=3))
    for _ in range(2):
        make_claim(Status.CONFIRMED, session=session, source=Source.WALK_IN)

    seats = count_seats([session], now=NOW)[session.pk]

    assert (seats.held, seats.people, seats.left) == (0, 2, 1)


def test_a_seat_of_the_group_comes_out_of_what_is_held_back():
    hold = {"held_seats": 2, "held_audiences": (Audience.STUDENT,), "held_until": NOW + timedelta(days=1)}
    session = make_session(capacity=4, **hold)
    student, colleague = make_person(audience=Audience.STUDENT), make_person()
    for person in (student, colleague):
        make_claim(Status.CONFIRMED, session=session, attendee=person)

    seats = count_seats([session], now=NOW)[session.pk]

    assert (seats.left, seats.held_back) == (2, 1)
    assert (seats.free_for(student), seats.free_for(colleague)) == (2, 1)
