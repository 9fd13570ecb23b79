"""What is late, and what can be undone for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from registrations.enums import UNDO_WINDOW
from registrations.models import Registration
from registrations.rules import is_late, may_undo_cancellation, moved_from
from registrations.services.attending import booking, swaps
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def seat():
    return sign_up(make_session(), make_person())


@pytest.fixture
def moved():
    """A seat that was moved from one date to another, at `NOW`."""
    event, person = make_event(), make_person()
    old, new = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=11))
    held = sign_up(old, person)
    return swaps.swap(registration_key=held.key, session_key=new.key, attendee=person, now=NOW)


def test_giving_back_is_late_after_the_deadline_of_the_event():
    session = make_session(event=make_event(cancel_until_hours=24))
    deadline = session.starts_at - timedelta(hours=24)

    assert not is_late(session, deadline)
    assert is_late(session, deadline + SECOND)


def test_a_cancellation_by_hand_can_be_undone_for_a_while(seat):
    cancelled = booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    assert may_undo_cancellation(cancelled, NOW + UNDO_WINDOW)
    assert not may_undo_cancellation(cancelled, NOW + UNDO_WINDOW + SECOND)


def test_a_cancellation_cannot_be_undone_where_sign_up_is_closed(seat):
    cancelled = booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    cancelled.session.status = SessionStatus.CANCELLED

    assert not may_undo_cancellation(cancelled, NOW)


def test_a_seat_that_is_still_held_has_nothing_to_undo(seat):
    assert not may_undo_cancellation(seat, NOW)


def test_a_seat_that_made_way_for_another_is_no_cancellation_by_hand(moved):
    old = Registration.objects.of(moved.attendee).exclude(pk=moved.pk).select_related("session__event").get()

    assert not may_undo_cancellation(old, NOW)
    assert moved_from(moved, [old], NOW + UNDO_WINDOW) == old
    assert moved_from(moved, [old], NOW + UNDO_WINDOW + SECOND) is None


def test_a_seat_given_back_by_hand_is_not_what_a_later_seat_came_from(seat):
    cancelled = booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    other = sign_up(make_session(event=seat.session.event), seat.attendee)

    assert moved_from(other, [cancelled], NOW) is None
