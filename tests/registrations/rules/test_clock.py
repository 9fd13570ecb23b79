"""The table of product Q4, with the calendar of 2026: in the Netherlands clocks change on 29 March and on 25
October.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.models import Event, Session
from registrations.rules import (
    Window,
    add_working_time,
    colleague_answers_by,
    is_quiet,
    offer_expires_at,
    turning_points,
    window,
    working_time_between,
)
from registrations.rules.clock import TurningPoints

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEW_YORK = ZoneInfo("America/New_York")
TWO_HOURS, HALF_A_DAY = timedelta(hours=2), timedelta(hours=12)


def at(local: str, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """What the clocks in the zone show, as a moment in UTC."""
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


def session_at(
    starts_at: datetime, *, closes_at: datetime | None = None, zone: str = "Europe/Amsterdam", **hours: int
) -> Session:
    """Nothing of this is stored: the rules only look."""
    times = {"starts_at": starts_at, "ends_at": starts_at + TWO_HOURS, "closes_at": closes_at}
    return Session(event=Event(**hours), **times, timezone=zone)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param("2026-03-10 10:00", "2026-03-12 10:00", id="two working days"),
        pytest.param("2026-03-13 18:00", "2026-03-17 18:00", id="on a Friday evening, over the weekend"),
        pytest.param("2026-03-14 06:04", "2026-03-17 20:00", id="on a Saturday morning"),
        pytest.param("2026-04-02 20:00", "2026-04-08 20:00", id="before Easter"),
    ],
)
def test_a_colleague_has_24_working_hours_to_answer(now, until):
    assert colleague_answers_by(session_at(at("2026-05-01 10:00")), at(now)) == at(until)


def test_the_last_hours_before_closing_are_for_people_who_wait():
    session = session_at(at("2026-03-16 10:00"))
    assert colleague_answers_by(session, at("2026-03-13 18:00")) == at("2026-03-16 06:00")
    assert colleague_answers_by(session, at("2026-03-16 10:00")) is None


# --- Working time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-10 09:00", "2026-03-10 11:30", 2.5, id="within a day"),
        pytest.param("2026-03-10 06:00", "2026-03-10 09:00", 1, id="from before the morning"),
        pytest.param("2026-03-10 19:00", "2026-03-10 23:00", 1, id="into the evening"),
        pytest.param("2026-03-10 19:00", "2026-03-11 09:00", 2, id="over one night"),
        pytest.param("2026-03-10 20:00", "2026-03-11 08:00", 0, id="a night"),
        pytest.param("2026-03-10 00:00", "2026-03-11 00:00", 12, id="midnight to midnight"),
        pytest.param("2026-03-13 19:00", "2026-03-16 09:00", 2, id="over a weekend"),
        pytest.param("2026-03-14 00:00", "2026-03-16 00:00", 0, id="a weekend"),
        pytest.param("2026-03-27 19:00", "2026-03-30 09:00", 2, id="into summer time"),
        pytest.param("2026-10-23 19:00", "2026-10-26 09:00", 2, id="out of summer time"),
        pytest.param("2026-03-23 00:00", "2026-03-30 00:00", 60, id="the week that loses an hour"),
        pytest.param("2026-10-19 00:00", "2026-10-26 00:00", 60, id="the week that gains an hour"),
        pytest.param("2025-12-31 19:00", "2026-01-02 09:00", 2, id="New Year's Day"),
        pytest.param("2026-04-02 19:00", "2026-04-07 09:00", 2, id="Good Friday until Easter Monday"),
        pytest.param("2026-04-24 19:00", "2026-04-28 09:00", 2, id="King's Day, a Monday"),
        pytest.param("2026-05-04 19:00", "2026-05-06 09:00", 14, id="the fifth of May, mostly a working day"),
        pytest.param("2025-05-02 19:00", "2025-05-06 09:00", 2, id="the fifth of May, free in a fifth year"),
        pytest.param("2026-05-13 19:00", "2026-05-15 09:00", 2, id="Ascension Day"),
        pytest.param("2026-05-22 19:00", "2026-05-26 09:00", 2, id="Whit Monday"),
        pytest.param("2026-12-24 19:00", "2026-12-28 09:00", 2, id="Christmas, of which the second day is a Saturday"),
        pytest.param("2026-12-31 19:00", "2027-01-04 09:00", 2, id="over the turn of a year and a weekend"),
        pytest.param("2026-03-10 09:00", "2026-03-10 09:00", 0, id="no time at all"),
        pytest.param("2026-03-11 09:00", "2026-03-10 09:00", 0, id="backwards"),
    ],
)
def test_working_time_between_leaves_out_what_is_free(start, end, hours):
    assert working_time_between(at(start), at(end), AMSTERDAM) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        pytest.param("2026-03-10 09:00", 12, "2026-03-11 09:00", id="half a day is until tomorrow"),
        pytest.param(
            "2026-03-10 08:00", 12, "2026-03-10 20:00", id="a whole day ends in the evening, not next morning"
        ),
        pytest.param("2026-03-10 20:00", 12, "2026-03-11 20:00", id="the day is over at eight"),
        pytest.param("2026-03-10 23:59", 12, "2026-03-11 20:00", id="just before midnight"),
        pytest.param("2026-03-11 00:00", 12, "2026-03-11 20:00", id="at midnight"),
        pytest.param("2026-03-11 00:01", 12, "2026-03-11 20:00", id="just after midnight"),
        pytest.param("2026-03-13 18:00", 12, "2026-03-16 18:00", id="Friday evening"),
        pytest.param("2026-03-14 12:00", 12, "2026-03-16 20:00", id="Saturday"),
        pytest.param("2026-03-15 23:30", 1, "2026-03-16 09:00", id="Sunday night"),
        pytest.param("2026-03-27 18:00", 12, "2026-03-30 18:00", id="into summer time"),
        pytest.param("2026-10-23 18:00", 12, "2026-10-26 18:00", id="out of summer time"),
        pytest.param("2026-03-29 01:59", 1, "2026-03-30 09:00", id="a minute before clocks go forward"),
        pytest.param("2026-10-25 02:30", 1, "2026-10-26 09:00", id="in the hour that comes twice"),
        pytest.param("2026-04-02 18:00", 12, "2026-04-07 18:00", id="Easter"),
        pytest.param("2026-04-27 00:30", 1, "2026-04-28 09:00", id="King's Day, which in UTC is still Sunday"),
        pytest.param("2026-12-31 18:00", 12, "2027-01-04 18:00", id="the turn of the year"),
        pytest.param("2026-03-14 12:00", 0, "2026-03-14 12:00", id="no time at all, on a free day"),
    ],
)
def test_add_working_time_skips_what_is_free(start, hours, end):
    assert add_working_time(at(start), timedelta(hours=hours), AMSTERDAM) == at(end)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-10 07:00", "2026-03-10 09:00", 1, id="its morning"),
        pytest.param("2026-03-06 19:00", "2026-03-09 09:00", 2, id="its own change of the clocks"),
        pytest.param("2026-04-27 08:00", "2026-04-27 20:00", 0, id="King's Day, there as well"),
        pytest.param("2026-11-26 08:00", "2026-11-26 20:00", 12, id="Thanksgiving is no Dutch holiday"),
    ],
)
def test_working_time_between_is_of_the_sessions_zone_with_dutch_holidays(start, end, hours):
    assert working_time_between(at(start, NEW_YORK), at(end, NEW_YORK), NEW_YORK) == timedelta(hours=hours)


def test_add_working_time_answers_the_same_for_a_moment_in_any_zone():
    moment = at("2026-03-10 19:00")

    ends = {add_working_time(moment.astimezone(zone), TWO_HOURS, AMSTERDAM) for zone in (UTC, AMSTERDAM, NEW_YORK)}
    assert ends == {at("2026-03-11 09:00")}


# --- Windows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "now", "expected"),
    [
        # Thursday at two: 72 hours before is Monday at two, 4 hours before is ten o'clock, 2 working hours before that
        # is eight.
        ("2026-03-12 14:00", "2026-03-02 09:00", Window.SEATED),
        ("2026-03-12 14:00", "2026-03-09 13:59", Window.SEATED),
        ("2026-03-12 14:00", "2026-03-09 14:00", Window.OFFERED),
        ("2026-03-12 14:00", "2026-03-09 14:01", Window.OFFERED),
        ("2026-03-12 14:00", "2026-03-12 00:00", Window.OFFERED),
        ("2026-03-12 14:00", "2026-03-12 07:59", Window.OFFERED),
        ("2026-03-12 14:00", "2026-03-12 08:00", Window.OFFERED),
        ("2026-03-12 14:00", "2026-03-12 08:01", Window.OPEN),
        ("2026-03-12 14:00", "2026-03-12 09:59", Window.OPEN),
        ("2026-03-12 14:00", "2026-03-12 10:00", Window.OPEN),
        ("2026-03-12 14:00", "2026-03-12 10:01", Window.OPEN),
        ("2026-03-12 14:00", "2026-03-12 13:59", Window.OPEN),
        ("2026-03-12 14:00", "2026-03-12 14:00", Window.CLOSED),
        ("2026-03-12 14:00", "2026-03-12 14:01", Window.CLOSED),
        ("2026-03-12 14:00", "2026-04-12 14:00", Window.CLOSED),
        # Thursday at noon: no working time between four hours before and the evening before.
        ("2026-03-12 12:00", "2026-03-11 17:59", Window.OFFERED),
        ("2026-03-12 12:00", "2026-03-11 18:00", Window.OFFERED),
        ("2026-03-12 12:00", "2026-03-11 18:01", Window.OPEN),
        ("2026-03-12 12:00", "2026-03-12 00:00", Window.OPEN),
        # Monday morning at ten, and Monday at two, as seen on Friday evening and at the weekend.
        ("2026-03-16 10:00", "2026-03-13 09:59", Window.SEATED),
        ("2026-03-16 10:00", "2026-03-13 10:00", Window.OFFERED),
        ("2026-03-16 10:00", "2026-03-13 18:00", Window.OFFERED),
        ("2026-03-16 10:00", "2026-03-13 18:01", Window.OPEN),
        ("2026-03-16 10:00", "2026-03-15 12:00", Window.OPEN),
        ("2026-03-16 14:00", "2026-03-13 21:00", Window.OFFERED),
        ("2026-03-16 14:00", "2026-03-16 08:00", Window.OFFERED),
        # Tuesday after Easter: since Thursday evening nobody works.
        ("2026-04-07 10:00", "2026-04-04 09:59", Window.SEATED),
        ("2026-04-07 10:00", "2026-04-04 10:00", Window.OPEN),
        # King's Day, and the day after Ascension Day.
        ("2026-04-28 10:00", "2026-04-25 10:00", Window.OPEN),
        ("2026-04-28 15:00", "2026-04-26 12:00", Window.OFFERED),
        ("2026-05-15 10:00", "2026-05-13 18:00", Window.OFFERED),
        ("2026-05-15 10:00", "2026-05-13 18:01", Window.OPEN),
        # On Monday after clocks changed, 72 hours before shows another time of the day.
        ("2026-03-30 14:00", "2026-03-27 12:59", Window.SEATED),
        ("2026-03-30 14:00", "2026-03-27 13:00", Window.OFFERED),
        ("2026-10-26 14:00", "2026-10-23 14:59", Window.SEATED),
        ("2026-10-26 14:00", "2026-10-23 15:00", Window.OFFERED),
        # A session that begins after midnight.
        ("2026-03-12 00:30", "2026-03-11 18:00", Window.OFFERED),
        ("2026-03-12 00:30", "2026-03-11 18:01", Window.OPEN),
        ("2026-03-12 00:30", "2026-03-12 00:00", Window.OPEN),
    ],
)
def test_window_counts_back_from_the_start(start, now, expected):
    session = session_at(at(start))

    assert window(session, at(now)) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-08 13:59", Window.SEATED),
        ("2026-03-08 14:00", Window.OFFERED),
        ("2026-03-11 08:00", Window.OFFERED),
        ("2026-03-11 08:01", Window.OPEN),
        ("2026-03-11 13:59", Window.OPEN),
        ("2026-03-11 14:00", Window.CLOSED),
        ("2026-03-12 09:00", Window.CLOSED),
    ],
)
def test_window_counts_back_from_the_closing_where_sign_up_closes_a_day_before(now, expected):
    session = session_at(at("2026-03-12 14:00"), closes_at=at("2026-03-11 14:00"))

    assert window(session, at(now)) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-09 13:59", Window.SEATED),
        ("2026-03-09 14:00", Window.OFFERED),
        ("2026-03-12 08:00", Window.OFFERED),
        ("2026-03-12 08:01", Window.OPEN),
        ("2026-03-12 14:00", Window.CLOSED),
    ],
)
def test_window_reads_the_clocks_of_another_zone(now, expected):
    session = session_at(at("2026-03-12 14:00", NEW_YORK), zone="America/New_York")

    assert window(session, at(now, NEW_YORK)) is expected


ALL_SEATED = {"seated_until_hours": 0, "offered_until_hours": 0}
OFFERED_UNTIL_START = {"seated_until_hours": 72, "offered_until_hours": 0}
NEVER_OFFERED = {"seated_until_hours": 24, "offered_until_hours": 24}
NO_TIME_TO_ANSWER = {"offer_working_hours": 0}
OFFERED_FOR_TWO_WEEKS = {"seated_until_hours": 14 * 24, "offered_until_hours": 48}
MOST = 32_767


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (ALL_SEATED, "2026-03-12 13:59", Window.SEATED),
        (ALL_SEATED, "2026-03-12 14:00", Window.CLOSED),
        (OFFERED_UNTIL_START, "2026-03-12 12:00", Window.OFFERED),
        (OFFERED_UNTIL_START, "2026-03-12 12:01", Window.OPEN),
        (OFFERED_UNTIL_START, "2026-03-12 14:00", Window.CLOSED),
        (NEVER_OFFERED, "2026-03-11 13:59", Window.SEATED),
        (NEVER_OFFERED, "2026-03-11 14:00", Window.OPEN),
        (NO_TIME_TO_ANSWER, "2026-03-09 13:59", Window.SEATED),
        (NO_TIME_TO_ANSWER, "2026-03-09 14:00", Window.OPEN),
        (OFFERED_FOR_TWO_WEEKS, "2026-02-26 13:59", Window.SEATED),
        (OFFERED_FOR_TWO_WEEKS, "2026-02-26 14:00", Window.OFFERED),
        (OFFERED_FOR_TWO_WEEKS, "2026-03-10 12:00", Window.OFFERED),
        (OFFERED_FOR_TWO_WEEKS, "2026-03-10 12:01", Window.OPEN),
        ({"seated_until_hours": MOST}, "2025-01-01 12:00", Window.OFFERED),
        ({"seated_until_hours": MOST, "offered_until_hours": MOST}, "2025-01-01 12:00", Window.OPEN),
        ({"offer_working_hours": MOST}, "2026-03-12 08:00", Window.OFFERED),
    ],
)
def test_window_follows_the_events_own_table(hours, now, expected):
    session = session_at(at("2026-03-12 14:00"), **hours)

    assert window(session, at(now)) is expected


# --- Offers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "now", "expires"),
    [
        pytest.param("2026-03-12 14:00", "2026-03-09 14:00", "2026-03-10 14:00", id="twelve working hours"),
        pytest.param("2026-03-12 14:00", "2026-03-09 22:00", "2026-03-10 20:00", id="made at night"),
        pytest.param("2026-03-12 14:00", "2026-03-11 09:59", "2026-03-12 09:59", id="just within twelve"),
        pytest.param("2026-03-12 14:00", "2026-03-11 10:01", "2026-03-12 10:00", id="four hours before the start"),
        pytest.param("2026-03-12 14:00", "2026-03-12 08:00", "2026-03-12 10:00", id="the last offer of all"),
        pytest.param("2026-03-16 10:00", "2026-03-13 10:00", "2026-03-16 06:00", id="Friday for Monday morning"),
        pytest.param(
            "2026-03-16 10:00", "2026-03-13 18:00", "2026-03-16 06:00", id="Friday evening for Monday morning"
        ),
        pytest.param(
            "2026-03-16 17:00", "2026-03-13 21:00", "2026-03-16 13:00", id="Friday night for Monday afternoon"
        ),
        pytest.param("2026-03-30 17:00", "2026-03-27 19:00", "2026-03-30 13:00", id="into summer time"),
        pytest.param("2026-10-26 17:00", "2026-10-23 19:00", "2026-10-26 13:00", id="out of summer time"),
        pytest.param(
            "2026-03-29 05:30", "2026-03-27 10:00", "2026-03-29 00:30", id="four hours of which one is left out"
        ),
        pytest.param(
            "2026-10-25 05:30", "2026-10-23 10:00", "2026-10-25 02:30", id="four hours of which one comes twice"
        ),
        pytest.param(
            "2026-05-15 18:00", "2026-05-13 15:00", "2026-05-15 14:00", id="over Ascension Day, until four hours before"
        ),
        pytest.param(
            "2026-05-15 23:00", "2026-05-13 15:00", "2026-05-15 15:00", id="over Ascension Day, twelve working hours"
        ),
    ],
)  # fmt: skip  # one case, one line
def test_offer_expires_after_working_hours_or_before_the_start(start, now, expires):
    session = session_at(at(start))

    assert window(session, at(now)) is Window.OFFERED
    assert offer_expires_at(session, at(now)) == at(expires)


def test_offer_expires_before_the_closing():
    session = session_at(at("2026-03-12 14:00"), closes_at=at("2026-03-11 14:00"))

    assert offer_expires_at(session, at("2026-03-11 08:00")) == at("2026-03-11 10:00")


@pytest.mark.parametrize(
    ("hours", "expires"),
    [
        ({"offer_working_hours": 1}, "2026-03-10 10:00"),
        ({"offer_working_hours": 24}, "2026-03-12 09:00"),
        ({"offer_working_hours": MOST}, "2026-03-12 10:00"),
        ({"offer_working_hours": MOST, "offered_until_hours": 0}, "2026-03-12 14:00"),
        ({"offered_until_hours": 30}, "2026-03-11 08:00"),
    ],
)
def test_offer_expires_by_the_events_own_table(hours, expires):
    session = session_at(at("2026-03-12 14:00"), **hours)

    assert offer_expires_at(session, at("2026-03-10 09:00")) == at(expires)


# --- Quiet hours -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-10 21:59:59", False),
        ("2026-03-10 22:00:00", True),
        ("2026-03-10 23:59:59", True),
        ("2026-03-11 00:00:00", True),
        ("2026-03-11 06:59:59", True),
        ("2026-03-11 07:00:00", False),
        ("2026-03-14 12:00:00", False),
        ("2026-03-29 06:59:59", True),
        ("2026-03-29 07:00:00", False),
        ("2026-10-25 06:59:59", True),
        ("2026-10-25 07:00:00", False),
    ],
)
@pytest.mark.parametrize("zone", [AMSTERDAM, NEW_YORK], ids=str)
def test_is_quiet_from_ten_until_seven_in_the_zone(local, expected, zone):
    assert is_quiet(at(local, zone), zone) is expected


# --- Whatever the moment ---------------------------------------------------------------------------------------------

ZONES = ("Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns")
zones = st.sampled_from(ZONES).map(ZoneInfo)
quarters = st.integers(0, 3 * 365 * 96).map(
    lambda number: datetime(2025, 1, 1, tzinfo=UTC) + number * timedelta(minutes=15)
)
moments = st.builds(lambda quarter, seconds: quarter + timedelta(seconds=seconds), quarters, st.integers(0, 899))
amounts = st.integers(0, 60 * 3600).map(lambda seconds: timedelta(seconds=seconds))
spans = st.integers(0, 10 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    starts_at = draw(moments)
    offered_until = draw(st.integers(0, 48))
    hours = {
        "offered_until_hours": offered_until,
        "seated_until_hours": offered_until + draw(st.integers(0, 96)),
        "offer_working_hours": draw(st.integers(0, 30)),
    }
    closes_at = draw(st.none() | spans.map(lambda span: starts_at - span))
    return session_at(starts_at, closes_at=closes_at, zone=draw(st.sampled_from(ZONES)), **hours)


@st.composite
def offering(draw: st.DrawFn) -> tuple[Session, datetime, datetime]:
    """A session with two moments, one not before the other, at which its seats are offered."""
    now, zone, spare = draw(moments), draw(zones), draw(amounts)
    later = add_working_time(now, spare * draw(st.floats(0, 1)), zone)
    offered_until = draw(st.integers(0, 48))
    starts_at = add_working_time(now, spare + TWO_HOURS, zone) + timedelta(hours=offered_until) + draw(amounts)
    seated_until = (starts_at - now) // timedelta(hours=1) + 1 + draw(st.integers(0, 24))
    hours = {"offered_until_hours": offered_until, "seated_until_hours": seated_until}
    hours["offer_working_hours"] = draw(st.integers(1, 30))
    return session_at(starts_at, zone=zone.key, **hours), now, later


@given(moments, amounts, zones)
def test_add_working_time_is_undone_by_working_time_between(start, amount, zone):
    end = add_working_time(start, amount, zone)

    assert working_time_between(start, end, zone) == amount
    assert amount == timedelta(0) or working_time_between(start, end - timedelta(seconds=1), zone) < amount


@given(moments, spans, spans, zones)
def test_working_time_between_adds_up(start, first, second, zone):
    middle, end = start + first, start + first + second

    parts = working_time_between(start, middle, zone) + working_time_between(middle, end, zone)

    assert parts == working_time_between(start, end, zone)


FREE_WORKDAYS_OF_2026 = {(1, 1), (4, 3), (4, 6), (4, 27), (5, 14), (5, 25), (12, 25)}


@given(st.integers(0, 364 * 96), st.integers(0, 5 * 96), zones)
def test_working_time_between_agrees_with_counting_quarters(first, number, zone):
    start = datetime(2026, 1, 1, 12, tzinfo=UTC) + first * timedelta(minutes=15)
    assume((start + timedelta(days=7)).year == 2026)
    local = [(start + step * timedelta(minutes=15)).astimezone(zone) for step in range(number)]
    worked = [
        moment
        for moment in local
        if moment.isoweekday() <= 5
        and 8 <= moment.hour < 20
        and (moment.month, moment.day) not in FREE_WORKDAYS_OF_2026
    ]

    end = start + number * timedelta(minutes=15)

    assert working_time_between(start, end, zone) == len(worked) * timedelta(minutes=15)


@given(sessions(), st.lists(spans, min_size=2, max_size=5))
def test_window_only_moves_forward(session, before):
    nows = sorted(session.last_moment - span + timedelta(hours=1) for span in before)

    order = [list(Window).index(window(session, now)) for now in nows]

    assert order == sorted(order)


@given(offering())
def test_offer_leaves_time_to_answer_and_ends_before_the_last_hours(made):
    session, now, _later = made
    promised = timedelta(hours=session.event.offer_working_hours)

    expires_at = offer_expires_at(session, now)

    assert window(session, now) is Window.OFFERED
    assert expires_at <= session.last_moment - timedelta(hours=session.event.offered_until_hours)
    assert min(TWO_HOURS, promised) <= working_time_between(now, expires_at, session.zone) <= promised


@given(offering())
def test_offer_made_later_never_expires_earlier(made):
    session, now, later = made

    assert window(session, later) is Window.OFFERED
    assert offer_expires_at(session, later) >= offer_expires_at(session, now)


# --- The same table, as dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "offered_from", "open_from"),
    [
        pytest.param("2026-03-12 14:00", {}, "2026-03-09 14:00", "2026-03-12 08:00", id="a Thursday afternoon"),
        pytest.param("2026-03-16 09:30", {}, "2026-03-13 09:30", "2026-03-13 18:00", id="a Monday morning"),
        pytest.param("2026-04-07 10:00", {}, None, "2026-04-04 10:00", id="after Easter nobody can be asked in time"),
        pytest.param("2026-03-12 14:00", {"offer_working_hours": 0}, None, "2026-03-09 14:00", id="no offers"),
        pytest.param(
            "2026-03-12 14:00", {"seated_until_hours": 0, "offered_until_hours": 0}, None, None, id="always booked"
        ),
    ],
)
def test_turning_points_are_dates_of_this_session(start, hours, offered_from, open_from):
    turns = turning_points(session_at(at(start), **hours))

    assert turns == TurningPoints(offered_from and at(offered_from), open_from and at(open_from))


@given(sessions(), st.integers(0, 200))
def test_turning_points_agree_with_the_window_at_every_hour(session, number):
    now, turns = session.last_moment - timedelta(hours=number, minutes=1), turning_points(session)

    expected = Window.SEATED
    if turns.offered_from and now >= turns.offered_from:
        expected = Window.OFFERED
    if turns.open_from and now > turns.open_from:
        expected = Window.OPEN

    assert window(session, now) is expected
