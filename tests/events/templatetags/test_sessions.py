from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.html import strip_tags
from django.utils.translation import override

from events.templatetags.sessions import clock, day_heading, place, place_on_page, when
from tests.factories import make_session, make_venue

pytestmark = pytest.mark.django_db

WINTER_MORNING = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def test_when_says_the_date_as_people_do() -> None:
    session = make_session(starts_at=WINTER_MORNING, ends_at=WINTER_MORNING + timedelta(hours=3))

    text = when(session)

    assert strip_tags(text) == "Thursday 12 March, 10:00–13:00"
    assert 'datetime="2026-03-12T10:00+01:00"' in text


def test_when_speaks_dutch() -> None:
    session = make_session(starts_at=WINTER_MORNING)

    with override("nl"):
        text = strip_tags(when(session))

    assert text == "Donderdag 12 maart, 10:00–12:00"


def test_when_names_the_zone_only_where_it_differs() -> None:
    session = make_session(starts_at=WINTER_MORNING, timezone="America/New_York")

    text = strip_tags(when(session))

    assert text == "Thursday 12 March, 05:00–07:00 (New York time, UTC-4)"


def test_clock_leaves_the_day_out() -> None:
    session = make_session(starts_at=WINTER_MORNING)

    assert strip_tags(clock(session)) == "10:00–12:00"


def test_an_evening_past_midnight_needs_no_second_date() -> None:
    session = make_session(starts_at=WINTER_MORNING.replace(hour=20), ends_at=WINTER_MORNING + timedelta(hours=14))

    assert strip_tags(when(session)) == "Thursday 12 March, 21:00–00:00"
    session.ends_at += timedelta(hours=1)
    assert strip_tags(when(session)) == "Thursday 12 March, 21:00–01:00"
    session.ends_at += timedelta(hours=12)
    assert strip_tags(when(session)) == "Thursday 12 March, 21:00 – Friday 13 March, 13:00"


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("en", 0, "Today Thursday 12 March"),
        ("en", 1, "Tomorrow Friday 13 March"),
        ("nl", 1, "Morgen vrijdag 13 maart"),
        ("en", 2, "Saturday 14 March in 2 days"),
        ("nl", 2, "Zaterdag 14 maart over 2 dagen"),
        ("en", 31, "Sunday 12 April"),
        ("en", -1, "Wednesday 11 March"),
    ],
)
def test_day_heading_says_how_near_a_day_is(language: str, days: int, expected: str) -> None:
    with time_machine.travel(WINTER_MORNING, tick=False), override(language):
        assert strip_tags(day_heading(WINTER_MORNING.date() + timedelta(days=days))) == expected


@pytest.mark.parametrize(
    ("has_venue", "join_url", "expected"),
    [
        (True, "", "Aula, Hall"),
        (True, "https://meet.demo.example/", "Aula, Hall and online"),
        (False, "https://meet.demo.example/", "Online"),
        (False, "", "Place to be announced"),
    ],
)
def test_place_says_where_to_be(*, has_venue: bool, join_url: str, expected: str) -> None:
    venue = make_venue(name="Aula", room="Hall") if has_venue else None

    session = make_session(venue=venue, join_url=join_url)

    assert place(session) == expected


def test_place_on_a_page_does_not_turn_the_words_around_it() -> None:
    session = make_session(venue=make_venue(name="قاعة <b>", room=""), join_url="https://meet.example.org/abc")

    assert place_on_page(session) == "<bdi>قاعة &lt;b&gt;</bdi> and online"
    assert place(session) == "قاعة <b> and online"
