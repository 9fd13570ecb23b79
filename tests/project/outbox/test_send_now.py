"""Mails that wait for a later moment can be sent now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import leases
from project.outbox.services.messages import send_now
from tests.factories import NOW
from tests.project.outbox.test_merging import a_change

pytestmark = pytest.mark.django_db


def test_send_now_makes_exactly_these_mails_due():
    first, second, other = (a_change() for _ in range(3))

    send_now(message_ids=[first.pk, second.pk], now=NOW)

    assert [message and message.pk for message in (leases.take_due(now=NOW) for _ in range(3))] == [
        first.pk,
        second.pk,
        None,
    ]
    assert Message.objects.get(pk=other.pk).due_at == NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    "state",
    [
        {"status": MessageStatus.SENDING, "attempts": 1},
        {"status": MessageStatus.SENT},
        {"status": MessageStatus.DROPPED},
        {"attempts": 1},
    ],
)
def test_send_now_leaves_mails_that_were_tried_or_are_finished(state):
    message = a_change(**state)

    send_now(message_ids=[message.pk], now=NOW)

    assert Message.objects.get().due_at == NOW + timedelta(minutes=10)


def test_send_now_calls_a_worker_only_if_a_mail_became_due(django_capture_on_commit_callbacks):
    message = a_change()

    with django_capture_on_commit_callbacks() as called:
        send_now(message_ids=[], now=NOW)
    with django_capture_on_commit_callbacks() as called_then:
        send_now(message_ids=[message.pk], now=NOW)

    assert (len(called), len(called_then)) == (0, 1)
