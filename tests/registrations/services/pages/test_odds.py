"""Honest odds: only from enough history, and small numbers never exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from events.models import Session
from registrations.enums import CancelledBy, Status
from registrations.models import Registration
from registrations.services.pages.odds import ENOUGH, Odds, odds_of
from registrations.services.pages.standings import standings
from registrations.services.seats import waitlist
from registrations.templatetags.waiting import chance
from tests.factories import NOW, make_event, make_people, make_person, make_session
from tests.registrations.support.seats.offered import take

pytestmark = pytest.mark.django_db
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


def waited(session, *, seated, in_vain, left=0):
    """People who waited at the first places of a date that is over: one after the other, so each was number 1."""
    outcomes = [Status.CONFIRMED] * seated + [Status.CANCELLED] * left + [Status.WAITLISTED] * in_vain
    start = session.starts_at - 10 * A_DAY
    for number, (person, status) in enumerate(zip(make_people(len(outcomes)), outcomes, strict=True)):
        joined_at = start + number * AN_HOUR
        moments = {
            Status.CONFIRMED: {"confirmed_at": joined_at + AN_HOUR / 2},
            Status.CANCELLED: {"cancelled_at": joined_at + AN_HOUR / 2, "cancelled_by": CancelledBy.PERSON},
        }.get(status, {})
        values = {"created_at": joined_at, "waitlisted_at": joined_at, "status": status} | moments
        Registration.objects.create(session=session, attendee=person, slot=session.slot, **values)


def past_date(event):
    return make_session(event=event, starts_at=NOW - 30 * A_DAY)


def waiting_now(event):
    """Somebody who is number 1 for a date to come."""
    session = make_session(event=event, capacity=0)
    return take(session, make_person())


def told(claim):
    rows = standings(sessions=[claim.session], person=claim.attendee, now=NOW)
    return odds_of(rows, NOW).get(claim.pk)


@pytest.mark.parametrize(("seated", "in_vain", "expected"), [(9, 2, (11, 9)), (10, 0, (10, 10)), (9, 0, None)])
def test_odds_need_enough_history(seated, in_vain, expected):
    event = make_event()
    waited(past_date(event), seated=seated, in_vain=in_vain)

    odds = told(waiting_now(event))

    assert (odds and (odds.people, odds.seated)) == expected
    assert ENOUGH == 10


def test_people_who_left_by_themselves_do_not_count():
    event = make_event()
    waited(past_date(event), seated=9, in_vain=0, left=4)

    assert told(waiting_now(event)) is None


def test_other_events_and_cancelled_dates_do_not_count():
    event = make_event()
    waited(past_date(make_event()), seated=12, in_vain=0)
    cancelled = past_date(event)
    waited(cancelled, seated=12, in_vain=0)
    Session.objects.filter(pk=cancelled.pk).update(status="CANCELLED")

    assert told(waiting_now(event)) is None


def test_only_people_at_about_the_same_place_count():
    """Twelve wait at the same time: places 1 to 12, of which two are about place 1."""
    event = make_event()
    session = past_date(event)
    for number, person in enumerate(make_people(12)):
        joined_at = session.starts_at - 10 * A_DAY + number * AN_HOUR
        take_place = {"created_at": joined_at, "waitlisted_at": joined_at, "status": Status.WAITLISTED}
        Registration.objects.create(session=session, attendee=person, slot=session.slot, **take_place)

    assert told(waiting_now(event)) is None


@pytest.mark.parametrize("overrides", [{"is_discreet": True}, {"needs_approval": True}])
def test_where_nobody_knows_their_place_there_are_none(overrides):
    event = make_event(**overrides)
    waited(past_date(event), seated=12, in_vain=3)

    assert told(waiting_now(event)) is None


def test_odds_take_one_statement_and_none_if_nobody_waits():
    event = make_event()
    waited(past_date(event), seated=12, in_vain=3)
    claims = [waiting_now(event), take(make_session(event=make_event()), make_person())]

    spent = []
    for claim in claims:
        rows = standings(sessions=[claim.session], person=claim.attendee, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            odds_of(rows, NOW)
        spent.append(len(queries))

    assert spent == [1, 0]


@pytest.mark.parametrize(
    ("people", "seated", "english", "dutch"),
    [
        (12, 9, "Of the last 12 people who joined at about this place in line, 9 got a seat.", "kregen er 9 een plek"),
        (
            12,
            10,
            "Nearly everybody of the last 12 who joined at about this place in line got a seat.",
            "Bijna iedereen",
        ),
        (12, 2, "Of the last 12 people who joined at about this place in line, few got a seat.", "weinig"),
        (12, 0, "Of the last 12 people who joined at about this place in line, few got a seat.", "weinig"),
    ],
)
def test_small_numbers_are_told_in_words(people, seated, english, dutch):
    claim = Registration(pk=1)
    odds = {1: Odds(people=people, seated=seated)}

    assert chance(odds, claim) == english
    with override("nl"):
        assert dutch in chance(odds, claim)
    assert chance({}, claim) == ""


def test_verbs_leave_what_the_odds_read():
    """The control of what is written by hand above: two people who wait in turn, one of whom gets a seat."""
    event = make_event()
    session = make_session(event=event, capacity=1)
    seat, first, second = (take(session, person) for person in make_people(3))
    Registration.objects.filter(pk=seat.pk).delete()
    waitlist.settle_event(event_id=event.pk, now=NOW + AN_HOUR)

    states = dict(Registration.objects.values_list("pk", "status"))
    assert (states[first.pk], states[second.pk]) == (Status.CONFIRMED, Status.WAITLISTED)
    first.refresh_from_db()
    assert first.waitlisted_at < first.confirmed_at
