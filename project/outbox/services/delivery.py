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
from project.outbox.services.smtp import Connection, trouble_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from project.outbox.emails import Letter
    from project.outbox.models import Message

log = structlog.get_logger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480, 480)]
MAX_ATTEMPTS = len(PAUSES) + 1
LONG_WAIT = leases.DURATION / 10  # for the mail of another thread; after that, check that the lease is still ours

_one_at_a_time = threading.Lock()


def deliver(*, message_id: int, now: datetime) -> None:
    """Sends one mail, if it is due and no other worker is sending it. Safe to run twice.

    The lease expires after five minutes, so a killed worker loses nothing: the mail is then sent again with the same
    bytes and Message-ID.
    """
    with Connection() as connection:
        _send_next(connection, clock=lambda: now, message_id=message_id)


def deliver_due(*, now: datetime, at_most: int = 10_000, seconds: float = 600, pace: float = 0) -> int:
    """Sends mails that are due: `at_most` so many, for at most so many `seconds`, and no more than `pace` a second (0:
    no limit). Stops early if the mail server is silent. Returns how many mails were tried.

    Several workers may do this at the same time: each takes the next mail that no other has.
    """
    ends, clock = time.monotonic() + seconds, _clock_from(now)
    with Connection() as connection:
        for tried in range(at_most):
            begun = time.monotonic()
            if begun > ends or not _send_next(connection, clock=clock):
                return tried
            if pace:
                time.sleep(max(0, min(begun + 1 / pace, ends) - time.monotonic()))
    return at_most


def _clock_from(now: datetime) -> Callable[[], datetime]:
    """Returns a clock that starts at `now` and runs while mails are sent, since a lease must not begin in the past."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _send_next(connection: Connection, *, clock: Callable[[], datetime], message_id: int | None = None) -> bool:
    """Sends this mail, or the next that is due. Returns False if nothing is due, or the mail server rests
    (`backoff`).
    """
    now = clock()
    message = None if backoff.is_resting(now) else leases.take_due(now=now, message_id=message_id)
    if message is None:
        return False
    backoff.note(_send(message, connection, now), clock)
    return True


def _send(message: Message, connection: Connection, now: datetime) -> Trouble | None:
    """Makes one attempt and records how it ended. Returns why the mail was not sent."""
    if message.attempts > MAX_ATTEMPTS:  # every worker that had it died, or was too slow
        return _give_up(message, Trouble.BROKEN_OFF, now)
    if _is_switched_off(message):
        leases.end(message, status=MessageStatus.DROPPED, trouble=Trouble.INACTIVE, now=now)
        return Trouble.INACTIVE
    try:
        bundles.collect(message, now=now)
        letter = bundles.kind_of(message).render(message, now)
        if letter is None:
            leases.end(message, status=MessageStatus.DROPPED, trouble=Trouble.OUT_OF_DATE, now=now)
            return Trouble.OUT_OF_DATE
        if _keep(message, letter, now):
            _hand_over(message, connection, now)
    except (OperationalError, InterfaceError) as error:
        mend_connection()  # raises if the database is away: the lease then expires
        return _postpone(message, error, now)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one mail, it must not block the next
        return _postpone(message, error, now)
    return None


def _is_switched_off(message: Message) -> bool:
    if message.recipient_is_active or message.recipient is None:
        return False
    return not message.recipient.is_stand_in


def _hand_over(message: Message, connection: Connection, now: datetime) -> None:
    """Sends the mail. Each process sends one mail at a time, so that killing it makes at most one mail go out twice.

    After a long wait for another thread, renews the lease first, because another process may have taken the mail by
    then.
    """
    began = time.monotonic()
    with _one_at_a_time:
        waited = timedelta(seconds=time.monotonic() - began)
        if waited >= LONG_WAIT:
            now += waited
            if not leases.renew(message, now=now):
                return
        connection.send(message)
        leases.end(message, status=MessageStatus.SENT, now=now)


def _keep(message: Message, letter: Letter, now: datetime) -> bool:
    """Stores the first rendering, which every attempt sends; later ones only show that the mail is not out of date.
    Returns False if the lease was lost.
    """
    if message.raw:
        return True
    message.message_id = letter.new_message_id()
    message.raw = letter.as_bytes(message_id=message.message_id, now=now)
    return leases.keep_rendering(message)


def _postpone(message: Message, error: Exception, now: datetime) -> Trouble:
    """Schedules another attempt after a growing pause. Gives up after a final refusal, or a day and a half of trying;
    organisers see that.
    """
    trouble = trouble_of(error)
    error_at = f"{type(error).__name__} in {_place_of(error)}"  # without its text, which may contain an address
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
