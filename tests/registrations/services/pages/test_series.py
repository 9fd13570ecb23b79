"""Events with their dates, each as one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SeatScope
from events.models import Round
from registrations.services.attending import booking
from registrations.services.pages import catalogue, series
from tests.factories import NOW, make_event, make_people, make_person, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def on_day(number, event, **values):
    return make_session(event=event, starts_at=NOW + timedelta(days=number), **values)


def shown(person=None, *, page=1, sessions=None):
    found = catalogue.upcoming(NOW) if sessions is None else sessions
    return series.page_of(found, page=page, person=person, now=NOW)


def test_events_come_by_their_next_date_with_all_their_dates():
    later, sooner = make_event(), make_event()
    dates = [on_day(3, later), on_day(9, later)]
    on_day(2, sooner)
    on_day(-3, sooner)

    first, second = shown()

    assert (first.event, first.number) == (sooner, 1)
    assert (second.event, second.number) == (later, 2)
    assert [row.session for row in second.rows] == dates


def test_only_dates_that_fit_the_filters_count():
    event = make_event()
    on_day(2, event, language="en")
    dutch = on_day(3, event, language="nl")

    [only] = shown(sessions=catalogue.upcoming(NOW).filter(language="nl"))

    assert (only.number, [row.session for row in only.rows]) == (1, [dutch])


def test_a_long_series_says_how_many_dates_it_has_and_reads_the_nearest(monkeypatch):
    monkeypatch.setattr(series, "MOST_DATES", 2)
    event = make_event()
    dates = [on_day(day, event) for day in (4, 2, 3)]

    [only] = shown()

    assert only.number == 3
    assert [row.session for row in only.rows] == [dates[1], dates[2]]


def test_a_page_has_one_event_more_where_there_are_more(monkeypatch):
    monkeypatch.setattr(series, "PAGE_SIZE", 2)
    events = [make_event() for _ in range(5)]
    for day, event in enumerate(events, start=1):
        on_day(day, event)

    pages = [[one.event for one in shown(page=page)] for page in (1, 2, 3)]

    assert pages == [events[:3], events[2:5], events[4:]]


def test_the_next_date_is_in_the_language_asked_for_else_in_any():
    event = make_event()
    dutch, english = on_day(2, event, language="nl"), on_day(3, event, language="en")

    [only] = shown()

    assert only.next_in("nl") == (only.rows[0], False)
    assert only.next_in("en") == (only.rows[1], False)
    assert only.next_in("fr") == (only.rows[0], False)
    assert [row.session for row in only.rows] == [dutch, english]


def test_the_next_date_is_one_with_a_seat_for_the_reader():
    event = make_event()
    on_day(1, event, units=("as",))
    on_day(2, event, capacity=0)
    free = on_day(3, event)

    [only] = shown(make_person())

    row, skips_full = only.next_in("en")
    assert (row.session, skips_full) == (free, True)


def test_where_everything_is_full_the_next_date_is_one_to_wait_for():
    event = make_event()
    first = on_day(2, event, capacity=0)
    on_day(3, event, capacity=0)

    [only] = shown()

    assert only.is_full
    assert only.next_in("en")[0].session == first


def test_dates_with_few_seats_are_counted_but_not_of_discreet_events():
    for event in (make_event(), make_event(is_discreet=True)):
        on_day(2, event, capacity=3)
        on_day(3, event, capacity=4)
        on_day(4, event, capacity=0)

    assert sorted(one.almost_full for one in shown()) == [0, 1]


def test_a_reader_finds_their_own_dates():
    event, person = make_event(), make_person()
    seat, _ = on_day(2, event), on_day(3, event)
    booking.sign_up(session_key=seat.key, attendee=person, now=NOW)

    [only] = shown(person)

    assert [row.session for row in only.own] == [seat]


def test_a_conference_is_shown_by_day():
    event = make_event(seat_scope=SeatScope.ROUND)
    first, second = (Round.objects.create(event=event, number=number) for number in (1, 2))
    dates = [on_day(2, event, round=number) for number in (first, first, second)]
    dates.append(on_day(3, event, round=second))

    [only] = shown()

    assert only.is_conference
    assert [row.session for row in only.days] == [dates[0], dates[3]]


@pytest.mark.parametrize("number", [1, 12])
def test_a_page_costs_the_same_whatever_it_shows(number, django_assert_num_queries):
    person = make_person()
    for one in range(number):
        event = make_event()
        session, *_ = [on_day(day, event, units=("me",)) for day in range(1, 4)]
        booking.sign_up(session_key=session.key, attendee=make_people(1)[0], now=NOW + timedelta(minutes=one))

    with django_assert_num_queries(3):
        assert len(shown(person)) == number
