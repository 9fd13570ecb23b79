"""Mails that wait for a later moment until somebody lets them go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import leases
from project.outbox.services.messages import release
from tests.factories import NOW
from tests.project.outbox.test_merging import a_change

pytestmark = pytest.mark.django_db


def test_release_lets_exactly_these_mails_go():
    first, second, other = (a_change() for _ in range(3))

    release(message_ids=[first.pk, second.pk], now=NOW)

    assert [message and message.pk for message in (leases.take(now=NOW) for _ in range(3))] == [
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
def test_release_leaves_what_a_worker_has_begun_with_and_what_is_over(state):
    message = a_change(**state)

    release(message_ids=[message.pk], now=NOW)

    assert Message.objects.get().due_at == NOW + timedelta(minutes=10)


def test_release_calls_a_worker_for_something_and_not_for_nothing(django_capture_on_commit_callbacks):
    message = a_change()

    with django_capture_on_commit_callbacks() as called:
        release(message_ids=[], now=NOW)
    with django_capture_on_commit_callbacks() as called_then:
        release(message_ids=[message.pk], now=NOW)

    assert (len(called), len(called_then)) == (0, 1)
