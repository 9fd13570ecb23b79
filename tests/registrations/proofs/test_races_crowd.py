"""Crowds: a hundred for one seat, and two hundred for sixty through HTTP with real workers.

The workers are those of production, in processes of their own, on the PostgreSQL of these tests.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from project.operations.services import processes, web
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.seats.audit import audit_seats
from tests import houses
from tests.architecture import sources
from tests.bench import client, cookies, rush
from tests.bench.sides import servers
from tests.factories import make_people, make_session, make_venue
from tests.registrations.support.races import at_once, broken, counts, signing_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def rush_of_a_hundred():
    session = make_session(capacity=1)
    pooled = BoundedSemaphore(int(os.environ["DATABASE_POOL"]) - 2)

    def one_of_them(sign_up):
        with pooled:
            return sign_up()

    sign_ups = [signing_up(session, person) for person in make_people(100)]
    return session, at_once(*[lambda verb=verb: one_of_them(verb) for verb in sign_ups])


def test_of_a_hundred_the_last_seat_goes_to_one():
    session, answers = rush_of_a_hundred()

    assert counts(session) == (1, 99)
    assert broken(answers) == []


def test_without_the_lock_of_a_hundred_the_last_seat_goes_to_several(slow_writes, without_the_lock):
    session, _ = rush_of_a_hundred()

    assert counts(session)[0] > 1


@contextmanager
def web_workers(folder, application):
    """Two, with the arguments of `manage.py up`; answers their port."""
    port, log = houses.free_port(), folder / "web.log"
    name = str(connection.settings_dict["NAME"])
    chosen = {
        "DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")),
        "DATABASE_POOL": "8",
        "BASE_URL": f"http://127.0.0.1:{port}",
    }
    arguments = web.arguments(host="127.0.0.1", port=port, workers=2, application=application)
    process = processes.start(
        command=[sys.executable, *arguments],
        env=dict(os.environ) | chosen,
        cwd=sources.ROOT,
        output=log,
    )
    try:
        servers.wait_until_open(port, process, log)
        yield port
    finally:
        processes.stop(process=process)


def a_rush_through_http(folder, *, people, seats, application=web.APPLICATION):
    starts_at = timezone.now() + timedelta(days=30)
    session = make_session(capacity=seats, starts_at=starts_at, venue=make_venue(capacity=seats))
    path = reverse("registrations:sign_up", args=[session.key])
    signed_in = cookies.sign_in(make_people(people))
    with web_workers(folder, application) as port:
        buttons = [client.button(port, path, cookie, rush.TOKEN) for cookie in signed_in]
        answers = client.ask_all(port, buttons, at_once=50)
    return session, answers


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "seats"), [(200, 60), pytest.param(1000, 300, marks=pytest.mark.deep, id="thousand")]
)
def test_a_rush_through_http_fills_exactly_the_seats_and_keeps_the_order(tmp_path, people, seats):
    session, answers = a_rush_through_http(tmp_path, people=people, seats=seats)

    assert client.count_by_status(answers) == {302: people}
    assert counts(session) == (seats, people - seats)
    waiting = Registration.objects.filter(session=session, status=Status.WAITLISTED).in_queue_order()
    moments = list(waiting.values_list("waitlisted_at", flat=True))
    assert len(set(moments)) == people - seats
    assert list(waiting) == list(waiting.order_by("pk"))
    assert audit_seats(now=timezone.now()) == {}


@pytest.mark.slow
def test_without_the_lock_a_rush_through_http_overbooks(tmp_path, slow_writes):
    session, _ = a_rush_through_http(
        tmp_path, people=60, seats=10, application="tests.registrations.support.seats.unlocked:application"
    )

    assert counts(session)[0] > 10
