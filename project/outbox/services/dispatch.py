"""Who asks a worker to send what is due, and how it goes about it: people come before mails, and a crowd asks once."""

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

ROUND_SECONDS = 10  # then other work of the worker has its turn
CALLED, CALLED_SECONDS = "outbox-courier-called", 20  # longer than a round; whoever died with it is soon replaced

_at_home, _in_vain = threading.Lock(), threading.Event()
log = structlog.get_logger(__name__)


def call() -> None:
    """Asks a worker to send what is due, after the commit. Where one is asked already, or on its round, nothing has to be said: it looks once
    more when it has ended. Without a broker the mail waits for the sweep: what the page confirmed is committed.
    """
    if breaker().is_away or cache.add(CALLED, 1, timeout=CALLED_SECONDS):
        ask_worker("project.outbox.tasks.deliver_messages")


def call_for(message: Message) -> None:
    """For a mail that somebody waits for in front of the screen: it does not stand in the row with the others."""
    ask_worker("project.outbox.tasks.deliver_message", message=message.pk)


def make_round() -> None:
    """Sends what is due, at the pace of `MAILS_PER_SECOND`, what somebody waits for before all else. Safe to run twice; a process makes one
    round at a time, as its other threads have other work.

    A mail that was written when nobody had to be called any more is found by the last look: the call is forgotten before it. Who came in vain
    meanwhile is called again.
    """
    _in_vain.set()
    if not _at_home.acquire(blocking=False):
        return
    try:
        _in_vain.clear()
        cache.set(CALLED, 1, timeout=CALLED_SECONDS)
        for message_id in leases.waited_for(now=timezone.now()):
            delivery.deliver(message_id=message_id, now=timezone.now())
        delivery.deliver_due(now=timezone.now(), seconds=ROUND_SECONDS, pace=settings.MAILS_PER_SECOND)
        cache.delete(CALLED)
        is_more = delivery.deliver_due(now=timezone.now(), at_most=1) > 0
    finally:
        _at_home.release()
    if is_more or _in_vain.is_set():
        cache.delete(CALLED)
        call()


def ask_worker(task: str, **subject: int) -> None:
    """After the commit. Without a broker what is to be done waits for its sweep; `subject` is the primary key of it, by the name that the log says.

    The broker is Redis too, so nobody waits for it while it is known to be away.
    """
    if breaker().is_away:
        log.warning("broker_unreachable", **subject)
        return
    try:
        current_app.send_task(task, args=[*subject.values()], retry=False)
    except OperationalError:
        log.warning("broker_unreachable", **subject)
