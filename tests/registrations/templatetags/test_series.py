from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.html import strip_tags
from django.utils.translation import override

from events.enums import SeatScope
from events.models import Round
from registrations.services.pages import catalogue
from registrations.services.pages.series import Series, page_of
from registrations.templatetags import series as tags
from tests.factories import make_event, make_session

pytestmark = pytest.mark.django_db
SATURDAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(SATURDAY, tick=False):
        yield


def series_of(*days, event=None, **values) -> Series:
    event = event or make_event()
    for day in days:
        make_session(event=event, starts_at=SATURDAY + timedelta(days=day), **values)
    [only] = page_of(catalogue.upcoming(SATURDAY), page=1, person=None, now=SATURDAY)
    return only


def chips(series: Series) -> list[str]:
    return [" ".join(strip_tags(chip).split()) for chip in re.findall("<li>(.*?)</li>", tags.date_chips(series))]


def test_dates_are_counted_and_sessions_of_a_conference():
    assert tags.how_many(series_of(3)) == "1 date"
    with override("nl"):
        assert tags.how_many(Series(make_event(), [], 13)) == "13 datums"
        assert tags.how_many(Series(make_event(seat_scope=SeatScope.ROUND), [], 8)) == "8 sessies"


def test_what_is_almost_full_is_said():
    assert tags.almost_full(series_of(3, 4, capacity=2)) == "2 almost full"


def test_what_is_full_is_said():
    assert tags.almost_full(series_of(3, 4, capacity=0)) == "all full"


def test_nothing_is_said_of_dates_with_room():
    assert tags.almost_full(series_of(3, capacity=50)) == ""


@pytest.mark.parametrize(
    ("reader", "expected"),
    [("en", "Next in English"), ("nl", "Eerstvolgende in het Nederlands"), ("fr", "Next in English")],
)
def test_the_next_date_is_announced_in_the_language_of_the_reader(reader, expected):
    event = make_event()
    series_of(3, event=event, language="en")
    with override(reader if reader != "fr" else "en"):
        assert tags.next_date(series_of(4, event=event, language="nl"))["words"] == expected


def test_a_later_date_with_a_seat_is_announced_as_such():
    event = make_event()
    series_of(3, event=event, capacity=0)

    assert tags.next_date(series_of(4, event=event))["words"] == "Next with a seat in English"


def test_a_date_in_another_language_is_announced_with_that_language():
    assert tags.next_date(series_of(4, language="nl"))["words"] == "Next in Dutch"


def test_chips_name_the_day_its_language_and_its_state():
    event = make_event()
    series_of(3, event=event, language="nl", capacity=50)

    shown = series_of(5, event=event, language="en", capacity=0)

    assert chips(shown) == [
        "Tue 1 Dec NL, Dutch, 50 seats left",
        "Thu 3 Dec EN, English, Full – waiting list open",
    ]
    with override("nl"):
        assert chips(shown)[0].startswith("Di 1 dec NL")


def test_chips_end_with_how_many_more_there_are():
    shown = chips(series_of(*range(1, 13)))

    assert (len(shown), shown[-1]) == (tags.MOST_CHIPS + 1, "4 more")


def test_chips_of_a_conference_are_its_days():
    event = make_event(seat_scope=SeatScope.ROUND)
    number = Round.objects.create(event=event, number=1)
    series_of(3, 3, event=event, round=number)

    shown = tags.date_chips(series_of(4, event=event, round=number))

    assert re.findall('href="([^"]*)"', shown) == [event.get_absolute_url()] * 2
    assert "Tue 1 Dec" in shown
