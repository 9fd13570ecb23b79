from __future__ import annotations

import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.db import InterfaceError, OperationalError

from project.batches import mend_connection
from project.outbox.enums import MessageStatus, Trouble
from project.outbox.services import backoff, bundles, leases
from project.outbox.services.smtp import Line, trouble_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message

log = structlog.get_logger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480, 480)]
MAX_ATTEMPTS = len(PAUSES) + 1
LONG_WAIT = leases.CLAIM / 10  # for the mail of another thread; after a shorter one the claim has long to go

_one_in_the_air = threading.Lock()


def deliver(*, message_id: int, now: datetime) -> None:
    """Sends one mail, if it is due and nobody else is sending it. Safe to run twice.

    The claim lapses after five minutes, so a killed worker loses nothing: the mail then goes out again with the same bytes and
    Message-ID.
    """
    with Line() as line:
        _send_next(line, clock=lambda: now, message_id=message_id)


def deliver_due(*, now: datetime, at_most: int = 10_000, seconds: float = 600, pace: float = 0) -> int:
    """Sends what is due, for so long, and stops early where the mail server is silent. Returns how many mails were tried. `pace`: no more mails
    than that in a second; 0 is as fast as it goes.

    Several workers may do this at once: each takes the next mail that no other has.
    """
    ends, clock = time.monotonic() + seconds, _clock_from(now)
    with Line() as line:
        for tried in range(at_most):
            begun = time.monotonic()
            if begun > ends or not _send_next(line, clock=clock):
                return tried
            if pace:
                time.sleep(max(0, min(begun + 1 / pace, ends) - time.monotonic()))
    return at_most


def _clock_from(now: datetime) -> Callable[[], datetime]:
    """It goes on while mails are sent: a claim must not begin in the past."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _send_next(line: Line, *, clock: Callable[[], datetime], message_id: int | None = None) -> bool:
    """This mail, or the next that is due. False where there is nothing to send, or nobody to send it to."""
    now = clock()
    message = None if backoff.is_resting(now) else leases.take(now=now, message_id=message_id)
    if message is None:
        return False
    backoff.note(_send(message, line, now), clock)
    return True


def _send(message: Message, line: Line, now: datetime) -> Trouble | None:
    """One attempt, with its end written down. Returns why the mail did not leave."""
    if message.attempts > MAX_ATTEMPTS:  # every worker that had it died, or was too slow
        return _give_up(message, Trouble.BROKEN_OFF, now)
    if message.recipient and not (message.recipient.is_active or message.recipient.is_stand_in):
        leases.end(message, status=MessageStatus.DROPPED, trouble=Trouble.INACTIVE, now=now)
        return Trouble.INACTIVE
    try:
        bundles.collect(message, now=now)
        letter = bundles.kind_of(message).render(message, now)
        if letter is None:
            leases.end(message, status=MessageStatus.DROPPED, trouble=Trouble.OUT_OF_DATE, now=now)
            return Trouble.OUT_OF_DATE
        if _keep(message, letter, now):
            _hand_over(message, line, now)
    except (OperationalError, InterfaceError) as error:
        mend_connection()  # raises where the database is away, for every mail: the claim lapses
        return _postpone(message, error, now)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one mail, it must not block the next
        return _postpone(message, error, now)
    return None


def _hand_over(message: Message, line: Line, now: datetime) -> None:
    """One mail of this process is in the air at a time, so whoever kills it has one mail sent twice at most. Who had to wait for a slow server
    claims the mail anew: another process may have it by then.
    """
    began = time.monotonic()
    with _one_in_the_air:
        waited = timedelta(seconds=time.monotonic() - began)
        if waited >= LONG_WAIT:
            now += waited
            if not leases.renew(message, now=now):
                return
        line.send(message)
        leases.end(message, status=MessageStatus.SENT, now=now)


def _keep(message: Message, letter: Letter, now: datetime) -> bool:
    """The first rendering is the one that is sent; a later one only tells that the mail is still true. False where the claim was lost."""
    if message.raw:
        return True
    message.message_id = letter.new_message_id()
    message.raw = letter.as_bytes(message_id=message.message_id, now=now)
    return leases.keep_rendering(message)


def _postpone(message: Message, error: Exception, now: datetime) -> Trouble:
    """Tries again after a growing pause; a final refusal, or a day and a half of trying, ends it visibly."""
    trouble = trouble_of(error)
    error_at = f"{type(error).__name__} in {_place_of(error)}"  # its text may name somebody
    log.warning("mail_not_sent", message=message.pk, kind=message.kind, trouble=trouble.value, error=error_at)
    if trouble.is_final or message.attempts >= MAX_ATTEMPTS:
        return _give_up(message, trouble, now)
    leases.give_back(message, trouble=trouble, due_at=now + PAUSES[message.attempts - 1])
    return trouble


def _place_of(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _give_up(message: Message, trouble: Trouble, now: datetime) -> Trouble:
    leases.end(message, status=MessageStatus.FAILED, trouble=trouble, now=now)
    log.warning(
        "mail_given_up", message=message.pk, kind=message.kind, trouble=trouble.value, attempts=message.attempts
    )
    return trouble
