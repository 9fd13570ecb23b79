"""One definition of a free seat: pages, filter, API, reminders and verbs say the same (the state machine asks it of any
sequence).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.rules import held_back, is_held, seats_free, seats_left
from registrations.services.attending import colleagues
from registrations.services.door import attendance
from registrations.services.mailing import reminders
from registrations.services.seats import waitlist
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_unit, make_venue
from tests.registrations.support.screens import opening
from tests.registrations.support.seats import seat_views
from tests.registrations.support.seats.offered import offer_to, take

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def full_room():
    """Four seats in a room for four, two of them taken; two people came without a seat, and then it was moved
    to later.
    """
    session = make_session(capacity=4, venue=make_venue(capacity=4), starts_at=NOW + timedelta(minutes=20))
    for person in make_people(2):
        take(session, person)
    for person in make_people(2):
        attendance.walk_in(session_key=session.key, address=person.email, actor=person, now=opening(session))
    return session


def said_to(session, person, now=NOW):
    return seat_views.shown(session, person, now)


def test_a_room_that_is_full_of_walk_ins_is_full_everywhere(full_room):
    person = make_person()

    row = said_to(full_room, person)

    assert (row.seats_free, row.is_full, row.would_wait) == (0, True, True)
    assert list(seat_views.broken_promises(full_room, person, NOW)) == []
    assert take(full_room, person).status == "WAITLISTED"


def test_a_room_that_is_full_of_walk_ins_has_no_room_for_a_colleague(full_room):
    type(full_room).objects.update(starts_at=NOW + 3 * DAY, ends_at=NOW + 4 * DAY)
    seat = Registration.objects.filter(source="SELF").earliest("pk")

    assert not said_to(full_room, seat.attendee).can_ask_colleague
    with pytest.raises(Exception, match="full"):
        colleagues.invite(session_key=full_room.key, address="a@demo.example", inviter=seat.attendee, now=NOW)


def test_people_are_asked_whether_they_still_come_where_the_room_is_full_of_walk_ins(full_room):
    type(full_room).objects.update(starts_at=NOW + 3 * DAY, ends_at=NOW + 4 * DAY)
    Registration.objects.update(created_at=NOW - 30 * DAY, confirmed_at=NOW - 30 * DAY)
    Message.objects.all().delete()
    take(full_room, make_person())

    assert reminders.events_to_ask(NOW) == [full_room.event_id]


def test_an_offer_that_ran_out_holds_nothing_before_the_scheduler_comes():
    claim = offer_to(make_person())
    person, late = make_person(), claim.offer_expires_at

    row = said_to(claim.session, person, late)

    assert (row.seats_free, row.is_full) == (1, False)
    assert list(seat_views.broken_promises(claim.session, person, late)) == []


def test_a_seat_on_its_way_to_somebody_who_waits_is_not_the_next_persons():
    claim = offer_to(make_person())
    take(claim.session, make_person())
    person, late = make_person(), claim.offer_expires_at

    assert said_to(claim.session, person, late).is_full
    assert list(seat_views.broken_promises(claim.session, person, late)) == []


def test_a_held_seat_is_free_for_the_group_although_others_wait():
    held = {"held_seats": 1, "held_audiences": ("STUDENT",), "held_until": NOW + DAY}
    session = make_session(capacity=1, **held)
    take(session, make_person())
    student = make_person(audience=Audience.STUDENT, unit=make_unit("law"))

    rows = [said_to(session, person) for person in (student, make_person(), None)]

    assert [(row.seats_free, row.is_full) for row in rows] == [(1, False), (0, True), (0, True)]
    assert list(seat_views.broken_promises(session, student, NOW)) == []
    assert take(session, student).status == "CONFIRMED"


def test_a_seat_elsewhere_that_was_offered_and_ran_out_keeps_nobody_from_signing_up():
    claim = offer_to(make_person())
    other = make_session(event=claim.session.event)
    late = claim.offer_expires_at

    assert said_to(other, claim.attendee, late).can_sign_up
    assert list(seat_views.broken_promises(other, claim.attendee, late)) == []


def test_a_seat_for_whoever_takes_it_is_not_offered_to_people_with_an_offer_elsewhere():
    event = make_event()
    claim = offer_to(make_person(), session=_full(event))
    soon = make_session(event=event, capacity=1, starts_at=NOW + timedelta(hours=3))
    wish = {"status": "WAITLISTED", "created_at": NOW, "waitlisted_at": claim.waitlisted_at}
    Registration.objects.create(session=soon, attendee=claim.attendee, slot=soon.slot, **wish)

    row = said_to(soon, claim.attendee)

    assert (row.is_waiting, row.seats_free, row.can_take_now) == (True, 1, False)
    assert take(soon, claim.attendee).status == "WAITLISTED"


def _full(event):
    session = make_session(event=event, capacity=1, starts_at=NOW + timedelta(days=2, hours=4))
    take(session, make_person())
    return session


@pytest.mark.parametrize(
    ("capacity", "room", "taken", "people", "left"),
    [(5, 9, 2, 2, 3), (5, 5, 2, 4, 1), (5, 4, 2, 4, 0), (2, 9, 3, 3, 0), (5, 5, 0, 9, 0), (5, None, 2, 9, 3)],
)
def test_seats_left_is_what_seats_and_room_allow(capacity, room, taken, people, left):
    venue = make_venue(capacity=room) if room else None
    session = make_session(capacity=capacity, venue=venue)

    assert seats_left(session, taken=taken, people=people) == left


@pytest.mark.parametrize(("is_member", "free"), [(True, 3), (False, 1)])
def test_seats_free_leaves_out_what_is_held_for_others(is_member, free):
    assert seats_free(left=3, held_back=2, is_member=is_member) == free
    assert seats_free(left=1, held_back=2, is_member=False) == 0


def test_a_hold_ends_at_its_moment():
    session = make_session(held_seats=3, held_audiences=("STUDENT",), held_until=NOW)

    assert is_held(session, NOW - timedelta(microseconds=1))
    assert not is_held(session, NOW)
    assert (held_back(session, by_members=1), held_back(session, by_members=4)) == (2, 0)
    assert annotate_seats(type(session).objects.all(), NOW).get().held_back == 0


def test_the_list_decides_before_a_page_promises():
    claim = offer_to(make_person())
    waiting = take(claim.session, make_person())

    waitlist.settle_event(event_id=claim.session.event_id, now=claim.offer_expires_at)

    waiting.refresh_from_db()
    assert waiting.status == "OFFERED"
