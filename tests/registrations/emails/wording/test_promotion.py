from __future__ import annotations

import pytest
from django.utils import translation

from registrations.emails import promotion_sentence
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def sentence(seated, offered, working):
    event = make_event(seated_until_hours=seated, offered_until_hours=offered, offer_working_hours=working)
    with translation.override("en"):
        return promotion_sentence(event)


def test_the_sentence_says_the_table_that_events_have_unless_told_otherwise():
    with translation.override("en"):
        said = promotion_sentence(make_event())

    assert said == (
        "More than 72 hours before the start a free seat is booked for you at once; "
        "later we offer it and you have up to 12 working hours to answer; "
        "in the last 4 hours it goes to whoever takes it first."
    )


def test_the_sentence_counts_one_as_one():
    assert sentence(2, 1, 1) == (
        "More than 2 hours before the start a free seat is booked for you at once; "
        "later we offer it and you have up to 1 working hour to answer; "
        "in the last 1 hour it goes to whoever takes it first."
    )


@pytest.mark.parametrize(("seated", "offered", "working"), [(24, 24, 12), (24, 4, 0)])
def test_an_event_without_offers_speaks_of_none(seated, offered, working):
    said = sentence(seated, offered, working)

    assert said == (
        "More than 24 hours before the start a free seat is booked for you at once; "
        "later it goes to whoever takes it first."
    )


def test_an_event_that_offers_until_the_start_has_no_scramble():
    said = sentence(48, 0, 6)

    assert said.endswith("later we offer it and you have up to 6 working hours to answer.")


def test_an_event_that_seats_until_the_start_says_just_that():
    assert sentence(0, 0, 12) == "A free seat is booked for you at once, until the start."
