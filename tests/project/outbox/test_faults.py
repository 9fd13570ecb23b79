"""Mails survive killed workers, a broker that is flushed or gone, and two of everything (quality.md).

A short version of each test always runs, the long one with `make test-deep`.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import leases
from project.outbox.services.messages import draft, enqueue
from tests.factories import make_person, make_session
from tests.project.outbox.support.crowd import confirm
from tests.project.outbox.support.postoffice import HANG_UP
from tests.project.outbox.support.workers import kill, wait_until

if TYPE_CHECKING:
    from tests.project.outbox.support.postoffice import PostOffice
    from tests.project.outbox.support.workers import Yard

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
DEEP = bool(os.environ.get("TEST_DEEP"))
KILLS = 50 if DEEP else 5
LIVES, NEWS = 12, 5  # threads, and mails of each


def write_lives(number: int = LIVES, news: int = NEWS) -> dict[UUID, list[int]]:
    """Writes mails of several calendar entries before any is sent. Returns their keys by thread, in order."""
    now, person = timezone.now(), make_person()
    event = make_session(starts_at=now + timedelta(days=30)).event
    lives: dict[UUID, list[int]] = defaultdict(list)
    threads = [uuid4() for _ in range(number)]
    for _ in range(news):
        for thread in threads:
            message = draft(
                kind="dates-announced", recipient=person, subject_id=event.key, facts={}, thread=thread, now=now
            )
            enqueue([message])
            lives[thread].append(message.pk)
    return lives


def unsent() -> bool:
    return Message.objects.unsent().exists()


def ids_received(office: PostOffice) -> list[str]:
    bodies = [envelope.content for envelope in office.envelopes]
    return [str(message_from_bytes(body)["Message-ID"]) for body in bodies if isinstance(body, bytes)]


def first_arrivals(office: PostOffice) -> list[int]:
    """Returns the mails in the order in which each first arrived."""
    pk_of = dict(Message.objects.values_list("message_id", "pk"))
    return [pk_of[name] for name in dict.fromkeys(ids_received(office))]


def assert_in_order(lives: dict[UUID, list[int]], office: PostOffice) -> None:
    arrived = first_arrivals(office)
    for mails in lives.values():
        assert sorted(mails, key=arrived.index) == mails


def expire_leases() -> None:
    Message.objects.filter(status=MessageStatus.SENDING).update(due_at=F("due_at") - leases.DURATION)


def swept_or_by_the_scheduler(yard: Yard) -> None:
    """Calls the sweep, for which the scheduler would take fifteen seconds; the long version waits for that."""
    if DEEP:
        yard.start("scheduler")
    else:
        yard.sweep()


def test_workers_killed_in_the_middle_of_a_mail_lose_none(post_office, yard):
    lives = write_lives(news=max(NEWS, KILLS // 4))
    post_office.thinks_seconds = 0.05
    moments = [post_office.has_a_body, post_office.has_a_recipient]

    for number in range(KILLS):
        worker, moment = yard.start("worker"), moments[number % 2]
        yard.sweep()
        for _ in range(1 + number % 3):  # sometimes over its first mail, sometimes over a later one
            moment.clear()
            assert moment.wait(timeout=60), yard.words()
        kill(worker)
        expire_leases()
    sent_by_the_dead = Message.objects.filter(status=MessageStatus.SENT).count()
    yard.start("worker")
    yard.sweep()
    wait_until(lambda: not unsent(), yard)

    received = Counter(ids_received(post_office))
    twice = sum(times - 1 for times in received.values())
    assert 0 < sent_by_the_dead < Message.objects.count()
    assert set(received) == set(Message.objects.values_list("message_id", flat=True))
    assert 0 < twice <= KILLS
    assert_in_order(lives, post_office)


def test_two_workers_and_two_schedulers_send_each_mail_once_and_in_order(post_office, yard):
    lives = write_lives(news=5 * NEWS if DEEP else NEWS)
    for name in ("worker", "worker", "scheduler", "scheduler"):
        yard.start(name)

    wait_until(lambda: not unsent(), yard)

    assert set(Counter(ids_received(post_office)).values()) == {1}
    assert len(post_office.envelopes) == Message.objects.filter(status=MessageStatus.SENT).count()
    assert_in_order(lives, post_office)


def test_a_broker_that_was_stopped_and_flushed_loses_no_mail(post_office, yard):
    yard.start("worker")
    yard.close_broker()
    confirm(5)  # while no worker can be called
    yard.open_broker()
    swept_or_by_the_scheduler(yard)
    wait_until(lambda: not unsent(), yard)

    yard.sweep()
    write_lives(number=3)
    yard.flush_broker()
    swept_or_by_the_scheduler(yard)
    wait_until(lambda: not unsent(), yard)

    assert set(Counter(ids_received(post_office)).values()) == {1}
    assert len(post_office.envelopes) == 5 + 3 * NEWS


def test_a_mail_server_with_every_kind_of_trouble_gets_every_mail(post_office, yard):
    lives = write_lives(number=4, news=2)
    post_office.answers = ["451 busy", HANG_UP, "452 full", HANG_UP]
    yard.start("worker")
    yard.sweep()
    wait_until(lambda: not post_office.answers, yard)
    wait_until(lambda: not Message.objects.filter(status=MessageStatus.SENDING).exists(), yard)
    troubles = set(Message.objects.exclude(last_error="").values_list("last_error", flat=True))

    for _ in range(3):
        Message.objects.unsent().update(due_at=timezone.now() - timedelta(seconds=1))
        yard.sweep()
        wait_until(lambda: not Message.objects.unsent().filter(due_at__lte=timezone.now()).exists(), yard)
    wait_until(lambda: not unsent(), yard)

    assert troubles == {"try-later", "no-answer"}
    assert set(Counter(ids_received(post_office)).values()) <= {1, 2}
    assert set(ids_received(post_office)) == set(Message.objects.values_list("message_id", flat=True))
    assert_in_order(lives, post_office)
