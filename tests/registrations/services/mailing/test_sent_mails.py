"""What was sent to whom about a date."""

from __future__ import annotations

import pytest

from events.services.refusals import UnableToChange
from project.outbox.models import Message
from registrations.enums import Status
from registrations.services.attending import booking
from registrations.services.mailing import sent_mails
from tests.factories import NOW, make_person, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)


def again(seat, kind="registration-confirmed"):
    return sent_mails.send_again(registration_key=seat.key, kind=kind, actor=make_person(), now=NOW)


def test_count_by_state_counts_a_mail_that_came_back_as_that_alone(seat):
    Message.objects.update(status="SENT", bounced_at=NOW)

    counts = sent_mails.count_by_state(seat.session)

    assert {state: number for state, number in counts.items() if number} == {"bounced": 1}


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        ("SENT", "session-moved", "never-sent"),
        ("PENDING", "registration-confirmed", "on-its-way"),
        ("SENT", "registration-confirmed", "out-of-date"),
    ],
)
def test_send_again_refuses_and_queues_nothing(seat, status, kind, code):
    Message.objects.update(status=status)
    if code == "out-of-date":
        seat.status, seat.cancelled_at = Status.CANCELLED, NOW
        seat.save()

    with pytest.raises(UnableToChange) as refusal:
        again(seat, kind)

    assert refusal.value.code == code
    assert Message.objects.count() == 1


def test_send_again_of_what_was_sent_queues_it_once_more(seat):
    Message.objects.update(status="SENT")

    mail = again(seat)

    assert (mail.kind, mail.status, Message.objects.count()) == ("registration-confirmed", "PENDING", 2)
