from __future__ import annotations

from datetime import timedelta
from queue import Empty
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db import transaction

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import leases
from project.outbox.services.messages import draft, enqueue, supersede
from tests.factories import NOW, make_person
from tests.registrations.support.races import at_once

pytestmark = pytest.mark.django_db
MOVED, RELOCATED = "session-moved", "session-relocated"


def a_change(*, kind: str = MOVED, **overrides: Any) -> Message:
    person = make_person()
    facts = {"was": {"place": "Aula"}}
    message = draft(kind=kind, recipient=person, subject_id=uuid4(), facts=facts, thread=uuid4(), now=NOW)
    message.due_at = NOW + timedelta(minutes=10)
    for field, value in overrides.items():
        setattr(message, field, value)
    enqueue([message])
    return message


def thread_of(message: Message) -> UUID:
    assert message.thread
    return message.thread


def test_supersede_drops_and_returns_the_changes_of_a_thread():
    first = a_change()
    second = a_change(kind=RELOCATED, thread=first.thread)

    taken = supersede(kinds=[MOVED, RELOCATED], threads=[thread_of(first)])

    assert taken == [first, second]
    assert taken[0].facts == {"was": {"place": "Aula"}}
    dropped = {(MessageStatus.DROPPED.value, "merged")}
    assert set(Message.objects.values_list("status", "last_error")) == dropped


def test_supersede_drops_mails_without_a_thread_by_subject():
    waiting, seated = a_change(thread=None), a_change()
    subjects = [each.subject_id for each in (waiting, seated) if each.subject_id]

    taken = supersede(kinds=[MOVED], subjects=subjects)

    assert taken == [waiting]
    assert list(Message.objects.unsent()) == [seated]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "registration-cancelled"},
        {"thread": uuid4()},
        {"status": MessageStatus.SENDING, "attempts": 1},
        {"status": MessageStatus.SENT},
        {"attempts": 1},
        {"facts": {"was": {"place": "Aula"}, "again": True}},
    ],
)
def test_supersede_leaves_other_mails_and_those_a_worker_has_tried(other):
    thread = uuid4()
    message = a_change(**{"thread": thread} | other)

    taken = supersede(kinds=[MOVED], threads=[thread])

    assert taken == []
    assert Message.objects.get().status == message.status


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_supersede_skips_a_mail_that_a_worker_is_taking():
    message = a_change()

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        [taken] = at_once(lambda: supersede_in_a_transaction(thread_of(message)))

    assert taken == []
    assert Message.objects.get().status == MessageStatus.PENDING


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_take_a_mail_that_is_being_superseded():
    message = a_change(due_at=NOW)

    with transaction.atomic():
        supersede(kinds=[MOVED], threads=[thread_of(message)])
        [taken] = at_once(lambda: leases.take_due(now=NOW))

    assert taken is None
    assert Message.objects.get().status == MessageStatus.DROPPED


def supersede_in_a_transaction(thread: UUID) -> list[Message]:
    with transaction.atomic():
        return supersede(kinds=[MOVED], threads=[thread])


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_may_still_be_merged_calls_no_worker():
    with current_app.connection_for_read() as broker:
        queue = broker.SimpleQueue("celery")
        queue.clear()

        a_change()

        with pytest.raises(Empty):
            queue.get_nowait()
        queue.close()
