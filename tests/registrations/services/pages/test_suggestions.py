"""What is offered to people who found nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.enums import EventKind
from registrations.services.attending import interest
from registrations.services.pages import catalogue, suggestions
from tests.factories import NOW, make_event, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = date(2026, 3, 2)


def day(number):
    return TODAY + timedelta(days=number)


def on_day(number, **values):
    return make_session(starts_at=NOW + timedelta(days=number), **values)


def other_days(first, last):
    rows = suggestions.on_other_days(catalogue.upcoming(NOW), first, last, person=None, now=NOW)
    return [row.session for row in rows]


def test_other_days_are_the_nearest_after_the_period():
    on_day(1)
    after = [on_day(number) for number in range(6, 12)]

    assert other_days(day(3), day(5)) == after[: suggestions.MOST]
    assert other_days(None, day(5)) == after[: suggestions.MOST]


def test_other_days_are_those_before_it_where_nothing_is_after():
    before = [on_day(number) for number in range(1, 7)]

    assert other_days(day(8), day(9)) == before[-suggestions.MOST :]
    assert other_days(day(8), None) == before[-suggestions.MOST :]


def test_without_a_period_there_are_no_other_days():
    on_day(3)

    assert other_days(None, None) == []


def alike(text):
    found = suggestions.alike(catalogue.upcoming(NOW), text, person=None, now=NOW)
    return [one.event.title_en for one in found]


def test_events_with_most_of_the_words_come_first():
    for title in ("Leadership for managers", "Inclusive leadership", "Bystander"):
        make_session(event=make_event(title_en=title))

    assert alike("inclusive leadership weekend") == ["Inclusive leadership", "Leadership for managers"]


@pytest.mark.parametrize("text", ["leidershipping", "INCLUSIVITY"])
def test_words_that_look_alike_are_found(text):
    make_session(event=make_event(title_en="Inclusive leadership"))
    make_session(event=make_event(title_en="Bystander"))

    assert alike(text) == ["Inclusive leadership"]


@pytest.mark.parametrize("text", ["", "  ", "in", "xyzzy"])
def test_nothing_is_alike_to_no_word_and_to_nonsense(text):
    make_session(event=make_event(title_en="Inclusive leadership"))

    assert alike(text) == []


def undated(text="", kind=""):
    return suggestions.undated(interest.without_dates(NOW), text, kind)


def test_events_without_dates_are_found_by_their_words_or_kind():
    training = make_event(title_en="Courage", summary_nl="Moed tonen", kind=EventKind.TRAINING)
    make_session(event=training, starts_at=NOW - timedelta(days=9))
    make_event(title_en="Patience", kind=EventKind.WORKSHOP)

    assert undated("courage moed") == [training]
    assert undated("", EventKind.TRAINING) == [training]
    assert undated("courage", EventKind.WORKSHOP) == []
    assert undated() == []
