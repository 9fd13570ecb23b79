"""The mail about a seat for whoever takes it first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.enums import Status
from tests.factories import NOW, make_session
from tests.registrations.support.mails import another_date, calendar_of, html_of, make_claim, tell, text_of

pytestmark = pytest.mark.django_db


def test_an_open_seat_is_for_whoever_takes_it(post):
    waiting = make_claim(Status.WAITLISTED)
    tell(waiting, "seat-open")

    [mail] = post()

    assert mail["Subject"] == f"A seat is free now: {waiting.session.title}, 12 March"
    assert "First come, first served." in html_of(mail)
    assert "You keep your place in the waiting list either way." in text_of(mail)
    assert f"Take the seat: http://testserver/sessions/{waiting.session.key}/" in text_of(mail)
    assert calendar_of(mail) is None


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.OFFERED, Status.CANCELLED])
def test_an_open_seat_is_not_told_to_somebody_who_waits_no_longer(post, status):
    tell(make_claim(status), "seat-open")

    assert post() == []


def test_an_open_seat_is_not_told_to_somebody_with_another(post):
    waiting = make_claim(Status.WAITLISTED)
    make_claim(Status.CONFIRMED, session=another_date(waiting), attendee=waiting.attendee)
    tell(waiting, "seat-open")

    assert post() == []


def test_an_open_seat_is_told_to_somebody_who_would_swap_for_it(post):
    seat = make_claim(Status.CONFIRMED)
    wish = make_claim(Status.WAITLISTED, session=another_date(seat), attendee=seat.attendee, replaces=seat)
    tell(wish, "seat-open")

    [mail] = post()

    assert "Your present seat stays yours until you take this one: Thursday 12 March 2026" in text_of(mail)


def test_an_open_seat_is_not_told_when_nobody_can_take_it_any_more(post):
    closed = make_session(closes_at=NOW + timedelta(hours=1))
    cancelled = make_session(status=SessionStatus.CANCELLED)
    for session in (closed, cancelled):
        tell(make_claim(Status.WAITLISTED, session=session), "seat-open")

    assert post(now=NOW + timedelta(hours=1)) == []
    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.DROPPED}
