from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from registrations.emails import promotion_sentence, promotion_steps
from tests.factories import make_event, make_session

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)  # 14:00 in Amsterdam
MONDAY = datetime(2026, 3, 16, 8, 30, tzinfo=UTC)  # 9:30
LONG_BEFORE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def sentence(seated, offered, working):
    event = make_event(seated_until_hours=seated, offered_until_hours=offered, offer_working_hours=working)
    with translation.override("en"):
        return promotion_sentence(event)


def steps(starts_at, now=LONG_BEFORE, closes_at=None, **hours):
    session = make_session(event=make_event(**hours), starts_at=starts_at, closes_at=closes_at)
    with translation.override("en"):
        return [(step.when, step.what.partition(".")[0]) for step in promotion_steps(session, now)]


SEATED = "A free seat is booked at once for the next person on the list, and we email them"
OFFERED = "We hold a free seat for the next person on the list and ask them by email"
OPEN = "There is too little working time left to ask people one by one: a free seat goes to whoever takes it first"


def test_the_usual_rule_is_said_in_two_sentences():
    said = "When a seat comes free, it is yours and we email you. Close to the date we ask you first."

    assert sentence(72, 4, 12) == said


@pytest.mark.parametrize(("seated", "offered", "working"), [(24, 24, 12), (24, 4, 0)])
def test_an_event_without_offers_speaks_of_none(seated, offered, working):
    assert sentence(seated, offered, working).endswith("Close to the date it goes to whoever takes it first.")


def test_an_event_that_seats_until_the_start_says_just_that():
    assert sentence(0, 0, 12) == "When a seat comes free, it is yours and we email you."


def test_the_steps_are_dates_of_this_session():
    assert steps(THURSDAY) == [
        ("Until Monday 9 March, 14:00", SEATED),
        ("From Monday 9 March, 14:00", OFFERED),
        ("From Thursday 12 March, 08:00", OPEN),
    ]


def test_before_a_monday_morning_nobody_is_asked_during_the_weekend():
    assert steps(MONDAY)[-1] == ("From Friday 13 March, 18:00", OPEN)


def test_steps_that_are_over_are_not_told():
    asked = THURSDAY - timedelta(hours=30)

    assert steps(THURSDAY, asked)[0] == ("Until Thursday 12 March, 08:00", OFFERED)
    assert steps(THURSDAY, THURSDAY - timedelta(hours=1)) == [("Until the start", OPEN)]


def test_the_steps_end_when_sign_up_closes():
    closing = THURSDAY - timedelta(hours=24)

    assert steps(THURSDAY, closing - timedelta(minutes=5), closes_at=closing) == [("Until sign-up closes", OPEN)]


def test_an_event_that_always_books_has_one_step():
    assert steps(THURSDAY, seated_until_hours=0, offered_until_hours=0) == [("Until the start", SEATED)]
