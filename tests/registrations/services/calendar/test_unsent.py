"""Mails about changes that wait to be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SeatScope
from project.outbox.models import Message
from registrations.enums import Status
from registrations.services.calendar import unsent
from tests.factories import NOW, make_event, make_session
from tests.registrations.support.mails import make_claim

pytestmark = pytest.mark.django_db


def queue(claim, **overrides):
    values = {"kind": "session-moved", "recipient": claim.attendee, "address": claim.attendee.email}
    values |= {"subject_id": claim.key, "created_at": NOW, "due_at": NOW + timedelta(hours=1)}
    return Message.objects.create(**(values | overrides))


def make_part(seat_scope=SeatScope.ROUND):
    return make_claim(Status.CONFIRMED, session=make_session(event=make_event(seat_scope=seat_scope)))


def test_only_a_change_that_is_not_due_yet_can_be_taken_back():
    claim = make_part()
    waiting = queue(claim)
    queue(claim, due_at=NOW)
    queue(claim, kind="registration-confirmed")
    queue(claim, status="SENT")

    assert list(unsent.changes(NOW)) == [waiting]


def test_of_an_event_only_a_conference_collects_changes():
    conference, training = make_part(), make_part(SeatScope.EVENT)
    waiting = queue(conference)
    queue(training)

    assert list(unsent.about_event(conference.session.event, NOW)) == [waiting]
    assert list(unsent.about_event(training.session.event, NOW)) == []


def test_a_claim_that_has_ended_has_nothing_left_to_hear():
    claim = make_part()
    queue(claim)
    claim.status, claim.cancelled_at = Status.CANCELLED, NOW
    claim.save()

    assert list(unsent.about_event(claim.session.event, NOW)) == []
