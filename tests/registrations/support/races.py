"""What the tests of races share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import count
from threading import Barrier
from time import sleep
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, OperationalError, connection

from events.models import Session
from events.services.refusals import UnableToChange
from registrations.enums import Status
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.services.attending import booking
from registrations.services.refusals import UnableToRegister
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


RACES = count(1)
MAX_OBSERVED_RACERS = 12  # each has a connection before it starts, and the pool has few more


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Runs the verbs in threads of their own, started together; answers what each returned, or raised: a refusal, or an
    error of the database.

    With the fixture `in_step` none commits before all have decided.
    """
    start, race = Barrier(len(verbs)), next(RACES)

    def run(verb: Callable[[], Any]) -> Any:
        try:
            with _known_as_racer(race) if len(verbs) <= MAX_OBSERVED_RACERS else nullcontext():
                start.wait(timeout=20)
                return verb()
        except (UnableToRegister, UnableToChange, IntegrityError, OperationalError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def until_somebody_waits() -> None:
    """For a lock, on PostgreSQL; at most ten seconds. Also within a transaction, for which the statistics would stand
    still.
    """
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            [waiting] = cursor.fetchone()
        if waiting:
            return
        sleep(0.01)
    raise TimeoutError


@contextmanager
def _known_as_racer(race: int) -> Iterator[None]:
    """By this name the fixture `in_step` knows who races."""
    _rename(f"race {race}")
    try:
        yield
    finally:
        _rename("")


def _rename(name: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, false)", [name])


def sign_up(session, person, now=NOW):
    return booking.sign_up(session_key=session.key, attendee=person, now=now)


def signing_up(session, person, now=NOW):
    return partial(sign_up, session, person, now)


def cancelling(claim, now=NOW):
    return partial(booking.cancel, registration_key=claim.key, actor=claim.attendee, now=now)


def counts(session) -> tuple[int, int]:
    """Seats taken, and people waiting."""
    counted = annotate_seats(Session.objects.filter(pk=session.pk), NOW).get()
    return counted.seats_taken, counted.waiting_count


def states(*claims) -> list[Status]:
    rows = Registration.objects.in_bulk([claim.pk for claim in claims])
    return [Status(rows[claim.pk].status) for claim in claims]


def broken(answers: Sequence[Any], now=NOW) -> list[str]:
    """What went wrong in a race: what the constraints had to stop, who waited for each other, and what the
    audit finds.
    """
    names = {IntegrityError: "constraint", OperationalError: "deadlock"}
    stopped = [name for error, name in names.items() if any(isinstance(answer, error) for answer in answers)]
    return [*stopped, *audit_seats(now=now)]
