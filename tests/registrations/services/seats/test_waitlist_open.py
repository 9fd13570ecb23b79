"""Close to the start a seat is for whoever takes it (product Q4), and after the start for nobody any more.

Most sessions here are on Thursday 12 March 2026 at two in the afternoon, in Amsterdam.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.enums import Status
from registrations.services.attending import booking
from registrations.services.refusals import UnableToRegister
from registrations.tasks import settle_events
from tests.factories import make_event, make_person, make_session
from tests.registrations.support.clocks import (
    HOUR,
    MINUTE,
    NEW_YORK,
    NOTHING,
    OPEN,
    THURSDAY,
    at,
    give_back,
    mails_to,
    now_of,
    settle,
    sold_out,
    statuses,
)
from tests.registrations.support.screens import fill

pytestmark = pytest.mark.django_db


def test_sign_up_close_to_the_start_takes_the_seat_whoever_comes_first():
    session, seat, (first, second) = sold_out()
    give_back(seat, at("2026-03-12 11:00"))

    taken = booking.sign_up(session_key=session.key, attendee=second.attendee, now=at("2026-03-12 11:01"))
    late = booking.sign_up(session_key=session.key, attendee=first.attendee, now=at("2026-03-12 11:02"))
    newcomer = booking.sign_up(session_key=session.key, attendee=make_person(), now=at("2026-03-12 11:03"))

    assert [claim.status for claim in (taken, late, newcomer)] == [
        Status.CONFIRMED,
        Status.WAITLISTED,
        Status.WAITLISTED,
    ]


def test_sign_up_close_to_the_start_takes_the_seat_before_people_who_wait():
    session, seat, (first, _) = sold_out()
    give_back(seat, at("2026-03-12 11:00"))

    newcomer = booking.sign_up(session_key=session.key, attendee=make_person(), now=at("2026-03-12 11:01"))

    assert newcomer.status == Status.CONFIRMED
    assert statuses(first) == [Status.WAITLISTED]


@pytest.mark.parametrize(
    ("looked_at", "mails"),
    [("2026-03-14 00:00", NOTHING), ("2026-03-14 06:59", NOTHING), ("2026-03-14 07:00", OPEN)],
)
def test_settle_event_tells_in_the_morning_what_came_free_at_night(looked_at, mails):
    """For Monday morning at ten no offer would leave time to answer, since Friday at six."""
    session, seat, (first, second) = sold_out("2026-03-16 10:00")
    give_back(seat, at("2026-03-13 23:00"))

    settle(session, at(looked_at))

    assert statuses(first, second) == [Status.WAITLISTED, Status.WAITLISTED]
    assert (mails_to(first), mails_to(second)) == (mails, mails)


@pytest.mark.parametrize(
    ("given_back_at", "mails"),
    [
        pytest.param("2026-03-11 20:00", OPEN, id="one at night in Amsterdam"),
        pytest.param("2026-03-11 22:00", NOTHING, id="ten in the evening in New York"),
        pytest.param("2026-03-12 06:30", NOTHING, id="half past eleven in Amsterdam"),
        pytest.param("2026-03-12 07:00", OPEN, id="seven in the morning in New York"),
    ],
)
def test_settle_event_is_quiet_at_night_in_the_zone_of_the_session(given_back_at, mails):
    _, seat, (first, _) = sold_out("2026-03-12 12:00", zone=NEW_YORK)

    give_back(seat, at(given_back_at, NEW_YORK))

    assert mails_to(first) == mails


def test_nobody_is_told_twice_of_open_seats():
    session = make_session(starts_at=at(THURSDAY), capacity=2)
    one, other, *waiting = fill(session, 4)
    give_back(one, at("2026-03-12 11:00"))
    later = [at("2026-03-12 11:10"), at("2026-03-12 11:30")]

    settle(session, later[0])
    give_back(other, later[1])
    settle(session, later[1] + MINUTE)

    assert [mails_to(claim) for claim in waiting] == [OPEN, OPEN]


def test_somebody_who_joins_later_is_told_of_the_next_open_seat():
    session, seat, (first,) = sold_out(waiting=1)
    give_back(seat, at("2026-03-12 11:00"))
    booking.sign_up(session_key=session.key, attendee=first.attendee, now=at("2026-03-12 11:01"))
    newcomer = booking.sign_up(session_key=session.key, attendee=make_person(), now=at("2026-03-12 11:02"))

    give_back(first, at("2026-03-12 11:30"))

    assert mails_to(newcomer) == OPEN


def test_settle_event_tells_nobody_of_an_open_seat_that_is_taken_by_morning():
    session, seat, (first, _) = sold_out("2026-03-16 10:00")
    give_back(seat, at("2026-03-13 23:00"))
    booking.sign_up(session_key=session.key, attendee=make_person(), now=at("2026-03-13 23:30"))

    settle(session, at("2026-03-14 07:00"))

    assert mails_to(first) == NOTHING


# --- After the start -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [timedelta(0), HOUR])
def test_settle_event_after_the_start_ends_an_offer_and_gives_the_seat_to_nobody(late):
    """Where offers may run until the start."""
    session, seat, (first, second) = sold_out(event=make_event(offered_until_hours=0))
    give_back(seat, at("2026-03-12 11:00"))
    assert now_of(first) == [(Status.OFFERED, session.starts_at)]

    settle(session, session.starts_at + late)

    assert now_of(first, second) == [(Status.CANCELLED, None), (Status.WAITLISTED, None)]
    assert mails_to(second) == NOTHING


@pytest.mark.parametrize("late", [timedelta(0), HOUR])
def test_settle_events_ends_an_offer_also_after_the_start(late, time_machine):
    """The scheduler finds such an event by itself."""
    session, seat, (first, second) = sold_out(event=make_event(offered_until_hours=0))
    give_back(seat, at("2026-03-12 11:00"))
    time_machine.move_to(session.starts_at + late, tick=False)

    settle_events()

    assert now_of(first, second) == [(Status.CANCELLED, None), (Status.WAITLISTED, None)]


def test_settle_event_after_the_start_tells_nobody_of_an_open_seat():
    session, seat, (first, second) = sold_out("2026-03-12 05:00")
    give_back(seat, at("2026-03-12 03:00"))

    settle(session, at("2026-03-12 07:00"))

    assert statuses(first, second) == [Status.WAITLISTED, Status.WAITLISTED]
    assert (mails_to(first), mails_to(second)) == ([], [])


@pytest.mark.parametrize("distance", [timedelta(0), HOUR])
def test_sign_up_after_the_start_gives_no_seat_to_people_who_wait(distance):
    """Asking again for what one has is no refusal; a newcomer gets one."""
    session, seat, (first, _) = sold_out()
    give_back(seat, at("2026-03-12 13:00"))
    now = session.starts_at + distance

    booking.sign_up(session_key=session.key, attendee=first.attendee, now=now)
    with pytest.raises(UnableToRegister) as refusal:
        booking.sign_up(session_key=session.key, attendee=make_person(), now=now)

    assert refusal.value.code == "started"
    assert statuses(first) == [Status.WAITLISTED]
