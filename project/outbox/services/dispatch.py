"""Calls a worker to send the mails that are due, once for a crowd of them, and what the worker then does.

The worker limits its pace, so that in a rush requests of people come before mails.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from project.outbox.services import delivery, leases
from project.web.failover_cache import breaker

if TYPE_CHECKING:
    from project.outbox.models import Message

ROUND_SECONDS = 10  # then it is the turn of other tasks
CALLED = "outbox-worker-called"  # in the cache: a worker was called, or is on its round
CALLED_SECONDS = 20  # longer than a round, yet short enough that the call of a worker that died is soon forgotten

_round, _missed_call = threading.Lock(), threading.Event()
log = structlog.get_logger(__name__)


def call_worker() -> None:
    """Calls a worker to send the mails that are due. To be run after the commit.

    Does nothing if a worker was called already or is on its round, since it looks once more at the end. Without a
    broker the mails wait for the sweep.
    """
    if breaker().is_away or cache.add(CALLED, 1, timeout=CALLED_SECONDS):
        ask_worker("project.outbox.tasks.deliver_messages")


def call_worker_for(message: Message) -> None:
    """Has a mail that somebody waits for in front of the screen sent at once, before the others."""
    ask_worker("project.outbox.tasks.deliver_message", message=message.pk)


def make_round() -> None:
    """Sends the mails that are due, at most `MAILS_PER_SECOND`; first those that somebody waits for. Safe to run twice.
    Each process makes one round at a time, so that a thread stays free for other tasks.

    `CALLED` is deleted before a last look at the outbox, so that no mail is missed whose `call_worker` did nothing
    because of it. A call that another thread of this process received during the round (`_missed_call`) is repeated at
    the end.
    """
    _missed_call.set()
    if not _round.acquire(blocking=False):
        return
    try:
        _missed_call.clear()
        cache.set(CALLED, 1, timeout=CALLED_SECONDS)
        for message_id in leases.waited_for(now=timezone.now()):
            delivery.deliver(message_id=message_id, now=timezone.now())
        delivery.deliver_due(now=timezone.now(), seconds=ROUND_SECONDS, pace=settings.MAILS_PER_SECOND)
        cache.delete(CALLED)
        is_more = delivery.deliver_due(now=timezone.now(), at_most=1) > 0
    finally:
        _round.release()
    if is_more or _missed_call.is_set():
        cache.delete(CALLED)
        call_worker()


def ask_worker(task: str, **subject: int) -> None:
    """Sends a task to the worker. To be run after the commit. `subject` is its argument, a primary key, by its name for
    the log.

    Does nothing but log if the broker is away, which it does not wait for if that is known already: a sweep must find
    what is to be done.
    """
    if breaker().is_away:
        log.warning("broker_unreachable", **subject)
        return
    try:
        current_app.send_task(task, args=[*subject.values()], retry=False)
    except OperationalError:
        log.warning("broker_unreachable", **subject)
