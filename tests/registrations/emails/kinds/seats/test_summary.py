"""One mail about many seats that were taken together."""

from __future__ import annotations

import pytest

from events.enums import SeatScope
from project.outbox.services.messages import draft, enqueue
from registrations.enums import Status
from registrations.models import Registration
from tests.factories import NOW, make_event, make_session
from tests.registrations.support.mails import another_date, calendar_of, html_of, make_claim, text_of

pytestmark = pytest.mark.django_db


def announce(seats, *, has_invitations=True):
    person, event = seats[0].attendee, seats[0].session.event
    facts = {"registrations": [str(seat.key) for seat in seats], "has_invitations": has_invitations}
    enqueue([draft(kind="seats-confirmed", recipient=person, subject_id=event.key, facts=facts, now=NOW)])


@pytest.fixture
def seats():
    event = make_event(seat_scope=SeatScope.SESSION)
    first = make_claim(Status.CONFIRMED, session=make_session(event=event))
    return [first, make_claim(Status.CONFIRMED, session=another_date(first), attendee=first.attendee)]


def test_it_lists_every_seat(post, seats):
    announce(seats)

    [mail] = post()

    assert mail["Subject"] == f"Confirmed: 2 sessions of {seats[0].session.event.title}"
    for words in (text_of(mail), html_of(mail)):
        assert "Thursday 12 March 2026" in words
        assert "Thursday 19 March 2026" in words
        assert "The calendar invitations follow one by one" in words
    assert calendar_of(mail) is None


def test_of_seats_that_were_given_back_it_says_nothing(post, seats):
    Registration.objects.filter(pk=seats[1].pk).update(status=Status.CANCELLED, cancelled_at=NOW)
    announce(seats, has_invitations=False)

    [mail] = post()

    assert "Thursday 19 March 2026" not in text_of(mail)
    assert "The calendar invitations" not in text_of(mail)


def test_without_a_seat_that_is_left_there_is_no_mail(post, seats):
    Registration.objects.update(status=Status.CANCELLED, cancelled_at=NOW)
    announce(seats)

    assert post() == []
