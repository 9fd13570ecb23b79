"""What grows with the number of registrations: the same verb and pages, measured beside 1,000, 100,000 and 1,000,000 of
them.

The unit is milliseconds of CPU of this process and its PostgreSQL connection, since elapsed time would include other
programs of a shared machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from project.accounts.enums import RoleKind
from project.accounts.models import User
from project.dashboard.services.releases import release_month
from registrations.services.attending import booking
from tests.bench import bulk, meter
from tests.bench.sides.servers import UnableToMeasure
from tests.factories import give_role, make_event, make_session

SIZES = (1_000, 100_000, 1_000_000)
LOOKS, SIGN_UPS, SEATS = 40, 100, 50
READERS = (45, 46)  # of the first block: ten registrations each, of which some are past

Milliseconds = dict[str, float]
Work = Callable[[], None]


def measure(rows: int, say: Callable[[str], None]) -> dict[int, Milliseconds]:
    """Measures at each size up to `rows`, at least that of one block. Empties the database first."""
    call_command("flush", interactive=False, verbosity=0)
    bulk.make_places()
    found, present = {}, 0
    for size in sorted({min(size, max(rows, bulk.BLOCK)) for size in SIZES}):
        begun = time.monotonic()
        bulk.grow(present // bulk.BLOCK + 1, size // bulk.BLOCK)
        say(f"{size:,} registrations are there after {time.monotonic() - begun:.0f} s")
        found[size] = _at_this_size(is_first=not present)
        present = size
    return found


def _at_this_size(*, is_first: bool) -> Milliseconds:
    reader, board = User.objects.filter(pk__in=READERS).order_by("pk")
    if is_first:
        release_month(month=_closed_month(), now=timezone.now())
        give_role(board, RoleKind.BOARD)
    return {
        "sign-up, as a verb": _cost(_sign_ups()),
        "catalogue page": _cost(_looks("/", reader)),
        "my sessions": _cost(_looks("/my/", reader)),
        "board page": _cost(_looks("/board/", board)),
    }


def _closed_month() -> date:
    return (timezone.localdate() - timedelta(days=75)).replace(day=1)


def _sign_ups() -> list[Work]:
    """Returns sign-ups for a new event: half get a seat, half a place on the waiting list."""
    session = make_session(event=make_event(), starts_at=timezone.now() + timedelta(days=60), capacity=SEATS)
    people = User.objects.select_related("unit").order_by("pk")[:SIGN_UPS]
    return [partial(_sign_up, session.key, person) for person in people]


def _sign_up(session_key: UUID, person: User) -> None:
    booking.sign_up(session_key=session_key, attendee=person, now=timezone.now())


def _looks(path: str, person: User) -> list[Work]:
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    _look(browser, path)  # the first request also compiles templates
    return [partial(_look, browser, path)] * LOOKS


def _look(browser: Client, path: str) -> None:
    status = browser.get(path).status_code
    if status != HTTPStatus.OK:
        raise UnableToMeasure(f"{path} answered {status}.")


def _cost(works: list[Work]) -> float:
    """Returns the average milliseconds of one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend: int = cursor.fetchone()[0]
    before = time.process_time() * 1000 + meter.cpu_ms(backend)
    for work in works:
        work()
    return (time.process_time() * 1000 + meter.cpu_ms(backend) - before) / len(works)
