"""The planner by itself, without a database: who gets which seat."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event, Session, Venue
from registrations.rules import Window
from registrations.services.seats.allocation import Outcome, QueueEntry, allocate
from registrations.services.seats.availability import EventSeats, SessionSeats
from tests.factories import NOW

if TYPE_CHECKING:
    from registrations.querysets import AdmittedSession

SLOT = uuid4()
EVENT = Event(slug="planned")
_number = count(1)


def a_date(pk, *, capacity=1, held=0, room=None, members=0, days=10, **overrides):
    """The seats of a date that has started long after the others with a lower number."""
    venue = Venue(pk=pk, capacity=room) if room is not None else None
    session = Session(pk=pk, event=EVENT, capacity=capacity, venue=venue, starts_at=NOW + timedelta(days=days + pk))
    for name, value in overrides.items():
        setattr(session, name, value)
    return SessionSeats(session=cast("AdmittedSession", session), held=held, people=held, held_by_members=members)


def entry(person, session, *, seat_at=None, audience="STAFF", unit="", slot=SLOT):
    number = next(_number)
    return QueueEntry(
        pk=number, person=person, slot=slot, session_id=session, seat_at=seat_at, audience=audience, unit=unit
    )


def who_gets(dates, queue, **windows):
    """By person: the date, and how."""
    event_seats = EventSeats(EVENT, {seats.session.pk: seats for seats in dates})
    now = {seats.session.pk: windows.get(f"on_{seats.session.pk}", Window.SEATED) for seats in dates}
    allocations = allocate(event_seats=event_seats, queue=queue, windows=now)
    assert len({allocation.entry.party for allocation in allocations}) == len(allocations)
    return {allocation.entry.person: (allocation.entry.session_id, allocation.outcome) for allocation in allocations}


def seated(**people):
    return {int(person.removeprefix("p")): (date, Outcome.SEAT) for person, date in people.items()}


def test_seats_go_to_the_first_in_the_queue():
    assert who_gets([a_date(1, capacity=2)], [entry(7, 1), entry(3, 1), entry(5, 1)]) == seated(p7=1, p3=1)


def test_nobody_gets_a_seat_beyond_the_capacity_or_the_room():
    dates = [a_date(1, capacity=2, held=2), a_date(2, capacity=5, held=1, room=2)]

    assert who_gets(dates, [entry(1, 1), entry(2, 2), entry(3, 2)]) == seated(p2=2)


def test_a_walk_in_fills_the_room_and_not_the_seats():
    crowded = a_date(1, capacity=3, held=0, room=3)
    crowded.people = 2

    assert who_gets([crowded], [entry(1, 1), entry(2, 1)]) == seated(p1=1)


def test_a_person_gets_one_of_the_wished_dates():
    assert who_gets([a_date(1), a_date(2)], [entry(1, 1), entry(1, 2)]) == seated(p1=1)


def test_wishes_in_two_slots_are_two_seats():
    other = uuid4()
    event_seats = EventSeats(EVENT, {1: a_date(1), 2: a_date(2)})

    allocations = allocate(
        event_seats=event_seats,
        queue=[entry(1, 1), entry(1, 2, slot=other)],
        windows={1: Window.SEATED, 2: Window.SEATED},
    )

    assert [allocation.entry.session_id for allocation in allocations] == [1, 2]


def test_somebody_who_can_come_on_several_dates_leaves_the_one_that_others_need():
    queue = [entry(1, 1), entry(1, 2), entry(2, 1)]

    assert who_gets([a_date(1), a_date(2)], queue) == seated(p1=2, p2=1)


def test_of_two_dates_that_nobody_else_needs_the_earliest_is_given():
    dates = [a_date(1, days=30), a_date(2, days=10)]

    assert who_gets(dates, [entry(1, 1), entry(1, 2)]) == seated(p1=2)


def test_somebody_with_a_seat_no_longer_needs_a_date():
    """The first takes date 2 for want of another; after that nobody waits only for it, but somebody for date 1."""
    dates = [a_date(1, capacity=2), a_date(2, capacity=2)]
    queue = [entry(1, 2), entry(2, 1), entry(2, 2), entry(3, 1)]

    assert who_gets(dates, queue) == seated(p1=2, p2=2, p3=1)


def test_held_seats_pass_over_people_outside_the_group():
    held = a_date(1, capacity=2, held_seats=1, held_audiences=("STUDENT",))
    queue = [entry(1, 1), entry(2, 1), entry(3, 1, audience="STUDENT")]

    assert who_gets([held], queue) == seated(p1=1, p3=1)


def test_members_with_a_seat_use_up_what_is_held():
    held = a_date(1, capacity=3, held=2, members=2, held_seats=2, held_units=("me",))

    assert who_gets([held], [entry(1, 1), entry(2, 1)]) == seated(p1=1)


def test_a_member_is_of_the_audience_and_of_the_unit():
    held = a_date(1, capacity=1, held_seats=1, held_audiences=("STUDENT",), held_units=("me",))
    queue = [entry(1, 1, audience="STUDENT", unit="law"), entry(2, 1, unit="me")]

    assert who_gets([held], [*queue, entry(3, 1, audience="STUDENT", unit="me")]) == seated(p3=1)


def test_somebody_who_is_passed_over_on_one_date_gets_another():
    held = a_date(1, capacity=1, held_seats=1, held_audiences=("STUDENT",))

    assert who_gets([held, a_date(2)], [entry(1, 1), entry(1, 2), entry(2, 1)]) == seated(p1=2)


def test_a_swap_frees_a_seat_for_somebody_who_was_passed_over():
    dates = [a_date(1, held=1), a_date(2)]

    assert who_gets(dates, [entry(1, 1), entry(2, 2, seat_at=1)]) == seated(p2=2, p1=1)


def test_a_chain_of_swaps_moves_everybody():
    dates = [a_date(1, held=1), a_date(2, held=1), a_date(3, held=1), a_date(4)]
    queue = [entry(9, 1), entry(1, 2, seat_at=1), entry(2, 3, seat_at=2), entry(3, 4, seat_at=3)]

    assert who_gets(dates, queue) == seated(p3=4, p2=3, p1=2, p9=1)


def test_the_seat_that_a_swap_leaves_goes_to_the_first_in_the_queue_and_not_to_the_next():
    """The third waits only for date 1 and stands behind the first, who was already passed over when the seat
    came free.
    """
    dates = [a_date(1, held=1), a_date(2)]
    queue = [entry(1, 1), entry(2, 2, seat_at=1), entry(3, 1)]

    assert who_gets(dates, queue) == seated(p2=2, p1=1)


def test_nobody_is_swapped_away_from_a_date_that_has_begun():
    assert who_gets([a_date(2)], [entry(1, 2, seat_at=1)]) == {}


def test_two_people_who_want_each_others_seat_are_exchanged():
    dates = [a_date(1, held=1), a_date(2, held=1)]
    queue = [entry(1, 2, seat_at=1), entry(2, 1, seat_at=2)]

    assert who_gets(dates, queue) == {1: (2, Outcome.EXCHANGE), 2: (1, Outcome.EXCHANGE)}


def test_an_exchange_takes_nobodys_turn():
    dates = [a_date(1, held=1), a_date(2, held=1)]
    queue = [entry(9, 1), entry(8, 2), entry(1, 2, seat_at=1), entry(2, 1, seat_at=2)]

    assert set(who_gets(dates, queue)) == {1, 2}


def test_an_exchange_is_with_the_first_in_the_queue():
    dates = [a_date(1, held=2, capacity=2), a_date(2, held=1)]
    queue = [entry(1, 2, seat_at=1), entry(3, 2, seat_at=1), entry(2, 1, seat_at=2)]

    assert set(who_gets(dates, queue)) == {1, 2}


def test_an_exchange_leaves_held_seats_to_their_group():
    held = a_date(1, held=1, members=1, held_seats=1, held_audiences=("STUDENT",))
    queue = [entry(1, 2, seat_at=1, audience="STUDENT"), entry(2, 1, seat_at=2)]

    assert who_gets([held, a_date(2, held=1)], queue) == {}


def test_everybody_is_exchanged_with_one_other():
    dates = [a_date(1, held=2, capacity=2), a_date(2, held=2, capacity=2)]
    queue = [entry(1, 2, seat_at=1), entry(2, 1, seat_at=2), entry(3, 2, seat_at=1), entry(4, 1, seat_at=2)]

    assert set(who_gets(dates, queue)) == {1, 2, 3, 4}


@pytest.mark.parametrize(("window", "expected"), [(Window.OPEN, 2), (Window.OFFERED, 2), (Window.CLOSED, 0)])
def test_an_exchange_happens_until_the_last_moment(window, expected):
    dates = [a_date(1, held=1), a_date(2, held=1)]
    queue = [entry(1, 2, seat_at=1), entry(2, 1, seat_at=2)]

    assert len(who_gets(dates, queue, on_2=window)) == expected


@pytest.mark.parametrize("window", [Window.OPEN, Window.CLOSED])
def test_no_seat_is_given_out_once_it_is_open_to_all(window):
    assert who_gets([a_date(1)], [entry(1, 1)], on_1=window) == {}


def test_close_to_the_start_a_seat_is_offered():
    assert who_gets([a_date(1)], [entry(1, 1), entry(2, 1)], on_1=Window.OFFERED) == {1: (1, Outcome.OFFER)}


def test_an_offer_to_somebody_who_swaps_frees_no_seat_yet():
    dates = [a_date(1, held=1), a_date(2)]

    given = who_gets(dates, [entry(1, 1), entry(2, 2, seat_at=1)], on_2=Window.OFFERED)

    assert given == {2: (2, Outcome.OFFER)}


def test_a_seat_is_preferred_by_need_and_date_also_where_it_is_only_offered():
    given = who_gets([a_date(1), a_date(2)], [entry(1, 1), entry(1, 2)], on_1=Window.OFFERED)

    assert given == {1: (1, Outcome.OFFER)}


PERSON = st.tuples(
    st.sets(st.integers(1, 3), min_size=1), st.sampled_from([None, 1, 2, 3]), st.sampled_from(["STAFF", "STUDENT"])
)
DATE = st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(list(Window)))


@given(people=st.lists(PERSON, max_size=6), dates=st.tuples(DATE, DATE, DATE))
def test_afterwards_nobody_who_fits_waits_and_no_seat_is_given_twice(people, dates):
    seats = [
        a_date(pk, capacity=capacity, held_seats=hold, held_audiences=("STUDENT",))
        for pk, (capacity, hold, _) in enumerate(dates, 1)
    ]
    queue, holders = _queue_of(people, seats)

    given_to = who_gets(seats, queue, **{f"on_{pk}": window for pk, (_, _, window) in enumerate(dates, 1)})

    for person, (session, outcome) in given_to.items():
        holders[person].append(session)
        moved_from = next(w.seat_at for w in queue if w.person == person)
        if moved_from and outcome != Outcome.OFFER:
            holders[person].remove(moved_from)
    giving = {pk for pk, (_, _, window) in enumerate(dates, 1) if window in {Window.SEATED, Window.OFFERED}}
    for pk, (capacity, hold, _) in enumerate(dates, 1):
        inside = [person for person, held in holders.items() if pk in held]
        students = sum(people[person][2] == "STUDENT" for person in inside)
        assert len(inside) <= capacity
        for w in queue:
            waits_still = w.session_id == pk and w.person not in given_to and pk in giving
            kept = 0 if people[w.person][2] == "STUDENT" else max(0, hold - students)
            assert not (waits_still and capacity - len(inside) - kept > 0)


def _queue_of(people, seats):
    """Each person waits for the dates they do not sit at; a seat is only believed where there is room for it."""
    queue, holders = [], {}
    for person, (wanted, held, audience) in enumerate(people):
        at = held if held and seats[held - 1].free(is_member=audience == "STUDENT") else None
        holders[person] = [at] if at else []
        if at:
            seats[at - 1].count(1, is_member=audience == "STUDENT")
        queue += [entry(person, date, seat_at=at, audience=audience) for date in sorted(wanted - {at})]
    return queue, holders
