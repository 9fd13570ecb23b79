"""The dates of one event as one reader sees them, decided without the database."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

import pytest

from events.models import Event, Session
from registrations.models import Registration
from registrations.rules import Standing, Window
from registrations.rules.dates import (
    DateFilter,
    are_for_the_same_people,
    can_only_wait,
    differ_in_being_for_me,
    differ_in_language,
    full_ones,
    is_for_others,
    next_open,
)

EVENT = Event(audiences=("STAFF",))


def date(language: str = "en", *, free: int = 1, refusal: str | None = None, **more: Any) -> Standing:
    """Nothing of this is stored: the rules only look."""
    own = {name: more.pop(name) for name in ("audiences", "units") if name in more}
    session = cast("Any", Session(event=EVENT, language=language, slot=uuid4(), **own))
    session.waiting_count = 0
    values = {"registration": None, "just_cancelled": None, "window": Window.SEATED}
    return Standing(session=session, refusal=refusal, seats_free=free, **(values | more))


def test_the_filter_keeps_what_is_spoken_and_what_is_for_the_reader():
    english, dutch, both = date("en"), date("nl"), date("en+nl", refusal="not-eligible")
    rows = [english, dutch, both]

    assert DateFilter().of(rows) == rows
    assert DateFilter(language="nl").of(rows) == [dutch, both]
    assert DateFilter(is_for_me=True).of(rows) == [english, dutch]
    assert DateFilter(language="en", is_for_me=True).of(rows) == [english]
    assert (bool(DateFilter()), bool(DateFilter(language="en"))) == (False, True)


def test_a_filter_is_offered_where_it_makes_a_difference():
    assert differ_in_language([date("en"), date("nl")])
    assert not differ_in_language([date("nl"), date("nl")])
    assert differ_in_being_for_me([date(), date(refusal="not-eligible")])
    assert not differ_in_being_for_me([date(refusal="not-eligible")])
    assert is_for_others(date(refusal="not-eligible"))
    assert not is_for_others(date(refusal="closed"))


def test_dates_are_for_the_same_people_whether_the_event_says_so_or_they_do():
    assert are_for_the_same_people([date(), date(audiences=("STAFF",))])
    assert not are_for_the_same_people([date(), date(units=("me",))])
    assert not are_for_the_same_people([])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([date("nl"), date("en")], 1),
        ([date("nl"), date("en+nl")], 1),
        ([date("nl"), date("en", free=0)], 0),
        ([date("nl", free=0), date("en", free=0)], 1),
        ([date("nl", free=0), date("nl", free=0)], 0),
        ([date("en", refusal="closed"), date("nl")], 1),
    ],
)
def test_the_nearest_date_is_in_the_language_of_the_reader_if_a_seat_there_is_free(rows, expected):
    assert next_open(rows, "en") is rows[expected]


def test_without_an_open_date_none_is_the_nearest():
    assert next_open([date(refusal="closed")], "en") is None


def test_somebody_can_only_wait_where_every_date_for_them_is_full():
    full, elsewhere = date(free=0), date(refusal="not-eligible")

    assert can_only_wait([full, elsewhere])
    assert not can_only_wait([full, date()])
    assert not can_only_wait([elsewhere])
    assert not can_only_wait([full, date(refusal="slot-taken", other=Registration())])


def test_full_ones_have_a_waiting_list_for_the_reader():
    full = date(free=0)

    assert full_ones([full, date(), date(free=0, refusal="not-eligible")]) == [full]
