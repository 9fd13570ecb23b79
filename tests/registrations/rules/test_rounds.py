"""The rounds of a conference as one reader may choose in them (product C4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from events.enums import SeatScope
from events.models import Round, Session
from registrations.models import Registration
from registrations.querysets import annotate_admission, annotate_seats
from registrations.rules import rounds_of, standing
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    """Two rounds of two parallel sessions with one seat each, and a lecture outside the rounds."""
    event = make_event(seat_scope=SeatScope.ROUND)
    for number in (2, 1):
        round_ = Round.objects.create(event=event, number=number)
        starts_at = NOW + timedelta(days=10, hours=number)
        for _ in range(2):
            make_session(
                event=event, round=round_, capacity=1, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
            )
    make_session(event=event)
    return event


def choices(event, person, now=NOW):
    own = list(Registration.objects.of(person).select_related("session__event")) if person else []
    sessions = Session.objects.filter(event=event).select_related("event", "round", "venue")
    counted: Iterable[Any] = annotate_admission(annotate_seats(sessions, now), person, now)
    return rounds_of([standing(session, person, own, now) for session in counted])


def parallel(event, number):
    return list(Session.objects.filter(event=event, round__number=number).order_by("pk"))


def test_rounds_come_in_their_order_without_what_is_outside_them(conference):
    rounds = choices(conference, None)

    assert [(choice.round.number, len(choice.rows)) for choice in rounds] == [(1, 2), (2, 2)]


def test_the_seat_is_what_was_chosen(conference):
    person = make_person()
    seat = sign_up(parallel(conference, 1)[0], person)

    first, second = choices(conference, person)

    assert first.chosen == first.held
    assert first.held.registration == seat
    assert (second.chosen, second.held, second.awaited) == (None, None, [])


def test_a_wish_beside_a_seat_is_the_younger_choice(conference):
    person = make_person()
    mine, full = parallel(conference, 1)
    sign_up(full, make_person())
    seat = sign_up(mine, person)
    wish = Registration.objects.create(
        session=full,
        attendee=person,
        slot=full.slot,
        status="WAITLISTED",
        created_at=NOW,
        waitlisted_at=NOW,
        replaces=seat,
    )

    first, _ = choices(conference, person)

    assert first.held.registration == seat
    assert first.chosen.registration == wish


def test_a_round_that_has_begun_is_locked_for_people_without_a_choice(conference):
    person = make_person()

    assert [choice.is_locked for choice in choices(conference, person)] == [False, False]
    assert [choice.is_locked for choice in choices(conference, person, now=NOW + timedelta(days=10, hours=1))] == [
        True,
        False,
    ]
