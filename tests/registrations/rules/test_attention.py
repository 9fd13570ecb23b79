"""What an organiser should look at today."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from events.models import Session
from registrations.querysets import annotate_seats
from registrations.rules import COMING_SOON, needs_of
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db


def needs(session, now=NOW):
    return needs_of(annotate_seats(Session.objects.filter(pk=session.pk), now).get(), now)


def test_a_session_far_ahead_with_free_seats_needs_nobody():
    assert needs(make_session(starts_at=NOW + COMING_SOON + timedelta(minutes=1))) == ()


def test_a_full_session_with_a_waiting_list_may_need_more_seats_until_it_starts():
    session = make_session(capacity=1)
    for _ in range(2):
        sign_up(session, make_person())

    assert needs(session) == ("full",)
    assert "full" not in needs(session, now=session.starts_at)


@pytest.mark.parametrize(
    ("before", "reasons"),
    [
        (COMING_SOON, ("soon",)),
        (timedelta(hours=2), ("today", "soon")),
        (timedelta(0), ("today", "soon")),
        (-timedelta(hours=2), ("unfinished",)),
    ],
)
def test_a_session_comes_near_and_is_then_to_be_finished(before, reasons):
    session = make_session()

    assert needs(session, now=session.starts_at - before) == reasons


@pytest.mark.parametrize("status", [SessionStatus.CANCELLED, SessionStatus.HELD])
def test_a_session_that_was_held_or_cancelled_needs_nobody(status):
    assert needs(make_session(status=status, starts_at=NOW - timedelta(days=1))) == ()


def test_today_is_the_day_by_the_clock_of_the_session():
    session = make_session(timezone="America/New_York", starts_at=NOW + timedelta(hours=18))

    assert "today" in needs(session, now=NOW)  # by our clock it is tomorrow
    assert "today" not in needs(session, now=NOW - timedelta(hours=5))
