"""What the verbs make of the clock (product Q4): who waits gets a seat, an offer, a mail that a seat is open, or
nothing any more.

Most sessions here are on Thursday 12 March 2026 at two in the afternoon, in Amsterdam.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import Min

from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.enums import Action, Status
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import booking, offers
from registrations.services.refusals import UnableToRegister
from tests.factories import make_event, make_person, make_session
from tests.registrations.support.clocks import (
    HOUR,
    MINUTE,
    NOTHING,
    OPEN,
    SEAT,
    THURSDAY,
    answer,
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


# --- A seat comes free -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_at", "given_back_at", "mails"),
    [
        (THURSDAY, "2026-03-09 13:59", SEAT),
        (THURSDAY, "2026-03-12 08:01", OPEN),
        (THURSDAY, "2026-03-12 09:59", OPEN),
        (THURSDAY, "2026-03-12 10:00", OPEN),
        (THURSDAY, "2026-03-12 13:59", OPEN),
        pytest.param("2026-03-16 10:00", "2026-03-13 09:59", SEAT, id="Friday morning for Monday morning"),
        pytest.param("2026-03-16 10:00", "2026-03-13 18:01", OPEN, id="Friday evening for Monday morning"),
        pytest.param("2026-03-16 10:00", "2026-03-13 21:59", OPEN, id="just before the quiet hours"),
        pytest.param("2026-03-16 10:00", "2026-03-13 22:00", NOTHING, id="Friday night for Monday morning"),
        pytest.param("2026-03-30 14:00", "2026-03-27 12:59", SEAT, id="72 hours into summer time"),
        pytest.param("2026-10-26 14:00", "2026-10-23 14:59", SEAT, id="72 hours out of summer time"),
        pytest.param("2026-04-07 10:00", "2026-04-04 10:00", OPEN, id="Easter"),
        pytest.param("2026-04-28 10:00", "2026-04-25 10:00", OPEN, id="King's Day"),
    ],
)
def test_cancel_gives_the_seat_or_tells_that_it_is_open(starts_at, given_back_at, mails):
    _, seat, (first, second) = sold_out(starts_at)

    give_back(seat, at(given_back_at))

    assert now_of(first, second) == [
        (Status.CONFIRMED if mails == SEAT else Status.WAITLISTED, None),
        (Status.WAITLISTED, None),
    ]
    assert (mails_to(first), mails_to(second)) == (mails, [] if mails == SEAT else mails)


@pytest.mark.parametrize(
    ("starts_at", "given_back_at", "until"),
    [
        (THURSDAY, "2026-03-09 14:00", "2026-03-10 14:00"),
        (THURSDAY, "2026-03-09 14:01", "2026-03-10 14:01"),
        pytest.param(THURSDAY, "2026-03-10 00:00", "2026-03-10 20:00", id="midnight"),
        pytest.param(THURSDAY, "2026-03-11 03:00", "2026-03-11 20:00", id="night"),
        pytest.param(THURSDAY, "2026-03-11 12:00", "2026-03-12 10:00", id="four hours before the start"),
        pytest.param(THURSDAY, "2026-03-12 08:00", "2026-03-12 10:00", id="two working hours are left"),
        pytest.param(
            "2026-03-16 10:00", "2026-03-13 18:00", "2026-03-16 06:00", id="Friday evening for Monday morning"
        ),
        pytest.param(
            "2026-03-16 17:00", "2026-03-13 21:00", "2026-03-16 13:00", id="Friday night for Monday afternoon"
        ),
        pytest.param("2026-03-30 14:00", "2026-03-27 13:00", "2026-03-30 10:00", id="72 hours into summer time"),
        pytest.param("2026-10-26 14:00", "2026-10-23 15:00", "2026-10-26 10:00", id="72 hours out of summer time"),
        pytest.param("2026-05-15 23:00", "2026-05-13 15:00", "2026-05-15 15:00", id="Ascension Day"),
    ],
)  # fmt: skip  # one case, one line
def test_cancel_offers_the_seat_to_the_next(starts_at, given_back_at, until):
    _, seat, (first, second) = sold_out(starts_at)

    give_back(seat, at(given_back_at))

    assert now_of(first, second) == [(Status.OFFERED, at(until)), (Status.WAITLISTED, None)]
    assert (mails_to(first), mails_to(second)) == (["registration-offered"], [])
    facts = Message.objects.get(kind="registration-offered").facts
    assert datetime.fromisoformat(facts["until"]) == at(until)


def test_cancel_counts_back_from_the_closing():
    _, seat, (first, _) = sold_out(closes_at="2026-03-11 14:00")

    give_back(seat, at("2026-03-10 18:00"))

    assert now_of(first) == [(Status.OFFERED, at("2026-03-11 10:00"))]


def test_cancel_after_the_closing_gives_nobody_the_seat():
    session, seat, (first, second) = sold_out(closes_at="2026-03-11 14:00")

    give_back(seat, at("2026-03-11 14:00"))
    settle(session, at("2026-03-11 15:00"))

    assert statuses(seat, first, second) == [Status.CANCELLED, Status.WAITLISTED, Status.WAITLISTED]
    assert (mails_to(first), mails_to(second)) == ([], [])


@pytest.mark.parametrize("distance", [timedelta(0), HOUR])
def test_cancel_after_the_start_is_refused_and_changes_nothing(distance):
    session, seat, (first, second) = sold_out()

    with pytest.raises(UnableToRegister) as refusal:
        give_back(seat, session.starts_at + distance)

    assert refusal.value.code == "started"
    assert statuses(seat, first, second) == [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED]
    assert (mails_to(first), mails_to(second)) == ([], [])


@pytest.mark.parametrize(
    ("hours", "given_back_at", "expected"),
    [
        ({"seated_until_hours": 0, "offered_until_hours": 0}, "2026-03-12 13:59", (Status.CONFIRMED, None)),
        ({"seated_until_hours": 24, "offered_until_hours": 24}, "2026-03-11 13:59", (Status.CONFIRMED, None)),
        ({"seated_until_hours": 24, "offered_until_hours": 24}, "2026-03-11 14:00", (Status.WAITLISTED, None)),
        ({"offered_until_hours": 0}, "2026-03-12 12:00", (Status.OFFERED, at(THURSDAY))),
        ({"offer_working_hours": 3}, "2026-03-10 19:00", (Status.OFFERED, at("2026-03-11 10:00"))),
        ({"offer_working_hours": 0}, "2026-03-10 12:00", (Status.WAITLISTED, None)),
    ],
)
def test_cancel_follows_the_events_own_table(hours, given_back_at, expected):
    _, seat, (first, _) = sold_out(event=make_event(**hours))

    give_back(seat, at(given_back_at))

    assert now_of(first) == [expected]


# --- Offers ----------------------------------------------------------------------------------------------------------


def test_settle_event_passes_an_unanswered_offer_to_the_next_until_seats_are_open():
    session, seat, (ann, bob, cid, dee) = sold_out(waiting=4)
    give_back(seat, at("2026-03-09 14:00"))
    gone, waiting = (Status.CANCELLED, None), (Status.WAITLISTED, None)

    settle(session, at("2026-03-10 14:00") - MINUTE)
    assert now_of(ann, bob) == [(Status.OFFERED, at("2026-03-10 14:00")), waiting]
    settle(session, at("2026-03-10 14:00"))
    assert now_of(ann, bob, cid) == [gone, (Status.OFFERED, at("2026-03-11 14:00")), waiting]
    settle(session, at("2026-03-11 14:00"))
    assert now_of(bob, cid, dee) == [gone, (Status.OFFERED, at("2026-03-12 10:00")), waiting]
    settle(session, at("2026-03-12 10:00"))

    assert now_of(ann, bob, cid, dee) == [gone, gone, gone, waiting]
    assert [mails_to(claim) for claim in (ann, bob, cid)] == [["registration-offered", "offer-expired"]] * 3
    assert mails_to(dee) == ["seat-open"]
    taken = booking.sign_up(session_key=session.key, attendee=dee.attendee, now=at("2026-03-12 11:00"))
    assert (taken, taken.status) == (dee, Status.CONFIRMED)


def test_accept_takes_the_seat_once():
    session, seat, (first, second) = sold_out()
    give_back(seat, at("2026-03-09 14:00"))

    for now in (at("2026-03-10 13:59"), at("2026-03-10 15:00")):
        assert answer(offers.accept_offer, first, now).status == Status.CONFIRMED

    settle(session, at("2026-03-11 14:00"))
    assert now_of(first, second) == [(Status.CONFIRMED, None), (Status.WAITLISTED, None)]
    assert mails_to(first) == ["registration-offered", "registration-confirmed"]


def test_sign_up_accepts_the_own_offer():
    session, seat, (first, _) = sold_out()
    give_back(seat, at("2026-03-09 14:00"))

    accepted = booking.sign_up(session_key=session.key, attendee=first.attendee, now=at("2026-03-10 13:59"))

    assert (accepted, accepted.status) == (first, Status.CONFIRMED)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), HOUR])
def test_accept_of_an_offer_that_ran_out_is_refused_and_leaves_the_seat_to_the_next(late):
    session, seat, (first, second) = sold_out()
    give_back(seat, at("2026-03-09 14:00"))
    expiry = at("2026-03-10 14:00")

    with pytest.raises(UnableToRegister) as refusal:
        answer(offers.accept_offer, first, expiry + late)

    assert refusal.value.code == "expired"
    assert now_of(first, second) == [(Status.OFFERED, expiry), (Status.WAITLISTED, None)]
    settle(session, expiry + late)
    assert now_of(first, second) == [(Status.CANCELLED, None), (Status.OFFERED, at("2026-03-11 14:00"))]


def test_decline_passes_the_seat_on_at_once_and_only_once():
    _, seat, (first, second, third) = sold_out(waiting=3)
    give_back(seat, at("2026-03-09 14:00"))

    for now in (at("2026-03-09 16:00"), at("2026-03-09 17:00")):
        assert answer(offers.decline_offer, first, now).status == Status.CANCELLED

    assert now_of(second, third) == [(Status.OFFERED, at("2026-03-10 16:00")), (Status.WAITLISTED, None)]


def test_decline_close_to_the_start_tells_the_others():
    _, seat, (first, second, third) = sold_out(waiting=3)
    give_back(seat, at("2026-03-12 08:00"))

    answer(offers.decline_offer, first, at("2026-03-12 09:00"))

    assert statuses(first, second, third) == [Status.CANCELLED, Status.WAITLISTED, Status.WAITLISTED]
    assert (mails_to(second), mails_to(third)) == (["seat-open"], ["seat-open"])


def test_sign_up_while_an_offer_is_open_waits():
    session, seat, _ = sold_out()
    give_back(seat, at("2026-03-09 14:00"))

    newcomer = booking.sign_up(session_key=session.key, attendee=make_person(), now=at("2026-03-10 13:00"))

    assert newcomer.status == Status.WAITLISTED


# --- A scheduler that is late ----------------------------------------------------------------------------------------

LATENESS = [MINUTE, HOUR]


def history_of(*claims):
    """What happened and when, apart from the people told that a seat is open: nobody is told before somebody looks at
    the clock.
    """
    log = RegistrationLog.objects.filter(registration__in=claims).exclude(action=Action.OPENED).order_by("pk")
    return list(log.values_list("registration", "action", "status", "at"))


def story(late, starts_at, given_back_at, working_hours):
    """A seat is given back and nobody ever answers: all that happened to everybody, with a scheduler that is always
    this late.
    """
    session, seat, waiting = sold_out(starts_at, waiting=6, event=make_event(offer_working_hours=working_hours))
    give_back(seat, at(given_back_at))
    states = [now_of(*waiting)]
    while due := Registration.objects.aggregate(due=Min("offer_expires_at"))["due"]:
        settle(session, due + late)
        states.append(now_of(*waiting))
    numbers = {claim.pk: number for number, claim in enumerate([seat, *waiting])}
    happened = [(numbers[pk], *rest) for pk, *rest in history_of(seat, *waiting)]
    return states, happened, [mails_to(claim) for claim in waiting]


@pytest.mark.parametrize("late", LATENESS)
@pytest.mark.parametrize(
    ("starts_at", "given_back_at", "working_hours", "offers_made"),
    [
        pytest.param(THURSDAY, "2026-03-09 14:00", 12, 3, id="three days"),
        pytest.param(THURSDAY, "2026-03-11 12:00", 2, 5, id="two hours for everybody"),
        pytest.param("2026-03-16 12:00", "2026-03-13 12:00", 3, 3, id="over a weekend"),
        pytest.param("2026-03-30 14:00", "2026-03-27 15:00", 2, 3, id="into summer time"),
        pytest.param("2026-10-26 14:00", "2026-10-23 15:00", 2, 3, id="out of summer time"),
    ],
)
def test_settle_event_too_late_changes_nothing_for_anybody(late, starts_at, given_back_at, working_hours, offers_made):
    on_time = story(timedelta(0), starts_at, given_back_at, working_hours)

    assert story(late, starts_at, given_back_at, working_hours) == on_time
    assert len(on_time[0]) == 1 + offers_made


@pytest.mark.parametrize("late", LATENESS)
def test_sign_up_settles_what_the_scheduler_missed(late):
    session, seat, (first, second) = sold_out()
    give_back(seat, at("2026-03-09 14:00"))

    newcomer = booking.sign_up(session_key=session.key, attendee=make_person(), now=at("2026-03-10 14:00") + late)

    assert now_of(first, second) == [(Status.CANCELLED, None), (Status.OFFERED, at("2026-03-11 14:00"))]
    assert newcomer.status == Status.WAITLISTED


@pytest.mark.parametrize("late", LATENESS)
def test_settle_event_offers_after_the_window_what_came_free_within_it(late):
    """The offer of Wednesday evening runs out when exactly two working hours are left; a minute later, seats
    are open.
    """
    session, seat, (first, second) = sold_out(event=make_event(offer_working_hours=2))
    give_back(seat, at("2026-03-11 18:00"))

    settle(session, at("2026-03-11 20:00") + late)

    assert now_of(first, second) == [(Status.CANCELLED, None), (Status.OFFERED, at("2026-03-12 10:00"))]


def test_settle_event_too_late_by_days_takes_no_offer_from_somebody_who_never_heard_of_it():
    session, seat, (first, second, third) = sold_out(waiting=3)
    give_back(seat, at("2026-03-09 14:00"))

    settle(session, at("2026-03-11 15:00"))

    assert now_of(first, second) == [(Status.CANCELLED, None), (Status.OFFERED, at("2026-03-12 10:00"))]
    assert now_of(third) == [(Status.WAITLISTED, None)]
    assert mails_to(second) == ["registration-offered"]


@pytest.mark.parametrize("late", [timedelta(0), *LATENESS])
@pytest.mark.parametrize(
    ("held_until", "status", "until"),
    [
        ("2026-03-09 13:59", Status.CONFIRMED, None),
        ("2026-03-09 14:00", Status.OFFERED, "2026-03-10 14:00"),
        ("2026-03-12 08:00", Status.OFFERED, "2026-03-12 10:00"),
        ("2026-03-12 08:01", Status.WAITLISTED, None),
    ],
)
def test_settle_event_releases_held_seats_as_of_the_moment_they_were_promised(held_until, status, until, late):
    hold = {"held_seats": 1, "held_audiences": (Audience.STUDENT,), "held_until": at(held_until)}
    session = make_session(starts_at=at(THURSDAY), capacity=1, **hold)
    (claim,) = fill(session, 1, audience=Audience.STAFF)
    assert claim.status == Status.WAITLISTED

    settle(session, at(held_until) - MINUTE)
    assert statuses(claim) == [Status.WAITLISTED]
    settle(session, at(held_until) + late)

    assert now_of(claim) == [(status, at(until) if until else None)]
    assert mails_to(claim) == {Status.CONFIRMED: SEAT, Status.WAITLISTED: OPEN}.get(status, ["registration-offered"])
