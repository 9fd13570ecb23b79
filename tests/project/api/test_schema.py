"""Schemathesis tries every operation of the API against its own description, on the real application and database.

Schemathesis is driven from here instead of from its pytest plug-in, which would be loaded for every test.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from events.models import Round
from project.api import api
from project.wsgi import application
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.seats import audit
from tests.factories import NOW, make_event, make_organizer, make_person, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 40
TOKEN = "a" * 32
ABSENT = ["6a9b1f5e-6f6e-4b53-9b8a-0a2f0f5c8a11"]


def operations():
    """Yields each operation with the name of the parameter in its path, or None."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            names = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            yield pytest.param(path, method, names[0] if names else None, id=operation["operationId"])


every_operation = pytest.mark.parametrize(("path", "method", "name"), list(operations()))


@pytest.fixture(scope="module")
def schema():
    import schemathesis  # noqa: PLC0415 - slow to import, and most runs do not need it

    loaded = schemathesis.openapi.from_dict(api.get_openapi_schema())
    loaded.app = application
    return loaded


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW):
        yield


@pytest.fixture(autouse=True)
def _one_connection():
    """The requests run inside the transaction of the test, as those of Django's own test client do."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.fixture
def person():
    return make_person()


@pytest.fixture
def sessions(person):
    """Makes a session in every state that a response may describe, with people in it."""
    made = [
        make_session(),
        make_session(capacity=1),
        make_session(event=make_event(is_discreet=True), capacity=1),
        make_session(event=make_event(status="UNLISTED")),
        make_session(audiences=("STUDENT",), units=("me",), venue=None, join_url="https://example.org/join"),
        make_session(capacity=0, has_waiting_list=False),
        make_session(opens_at=NOW + timedelta(days=1)),
        make_session(timezone="America/New_York", language="en+nl"),
    ]
    for session in made[:4]:
        for attendee in (make_person(), make_person(), person):
            booking.sign_up(session_key=session.key, attendee=attendee, now=timezone.now())
    given_back = booking.sign_up(session_key=made[7].key, attendee=person, now=timezone.now())
    booking.cancel(registration_key=given_back.key, actor=person, now=timezone.now())
    return [
        *made,
        make_session(event=make_event(status="DRAFT")),
        make_session(event=make_event(status="CANCELLED")),
        make_session(status="CANCELLED"),
        make_session(status="HELD", starts_at=NOW - timedelta(days=1)),
        make_session(event=make_event(needs_approval=True, prerequisite=make_event(status="DRAFT"))),
        make_session(event=made[1].event, is_unlisted=True),
        make_session(event=made[1].event, capacity=1),
        *_make_conference(person),
        _make_offer(person),
    ]


def _make_conference(person):
    """Two rounds of two parallel sessions, with a seat in the first."""
    event = make_event(kind="CONFERENCE", seat_scope="ROUND")
    rounds = [Round.objects.create(event=event, number=number) for number in (1, 2)]
    made = [make_session(event=event, round=round_) for round_ in (*rounds, *rounds)]
    booking.sign_up(session_key=made[0].key, attendee=person, now=timezone.now())
    return made


def _make_offer(person):
    """Two days before the start, when a seat that comes free is offered to the next person."""
    session = make_session(capacity=1, starts_at=NOW + timedelta(days=2))
    seat, _ = (booking.sign_up(session_key=session.key, attendee=one, now=NOW) for one in (make_person(), person))
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    return session


@pytest.fixture
def bodies(sessions):
    """Returns bodies by the end of a path. They name objects that fit, are hidden, belong to another event, or do not
    exist.
    """
    keys = [str(session.key) for session in sessions] + ABSENT
    rounds = [str(session.round.key) for session in sessions if session.round] + ABSENT
    return {
        "waiting": [{"any": True}, {"sessions": []}, {"sessions": keys}, *({"sessions": [key]} for key in keys)],
        "swap": [{"session": key} for key in keys],
        "choices": [{"choices": {round_: key}} for round_ in rounds for key in (*keys, None)],
        "colleagues": [
            {"address": "colleague@demo.example"},
            {"address": Registration.objects.all()[0].attendee.email},
        ],
    }


@pytest.fixture
def known(sessions):
    """Returns keys that a path may contain: also of hidden objects, of those of other people, and of none."""
    registrations = [str(key) for key in Registration.objects.values_list("key", flat=True)]
    return {
        "session_id": [str(session.key) for session in sessions] + ABSENT,
        "slug": [session.event.slug for session in sessions] + ABSENT,
        "registration_id": registrations + ABSENT,
        "invitation_id": registrations + ABSENT,
        None: [],
    }


def credentials(person):
    """Returns the headers of a signed-in browser. Asks for uncompressed responses: the in-process client decompresses
    none.
    """
    plain = {"Accept-Encoding": "identity"}
    if person is None:
        return {"headers": plain}
    client = Client()
    client.force_login(person)
    cookies = {"session": client.cookies["session"].value, "csrf": TOKEN}
    return {"cookies": cookies, "headers": plain | {"X-CSRFToken": TOKEN}}


def attempt(cases):
    from hypothesis import HealthCheck, given, settings  # noqa: PLC0415 - as above

    checks = list(HealthCheck)  # about the speed of generating values, which is not ours
    once = settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=checks)

    @once
    @given(case=cases)
    def call(case):
        assert case.call_and_validate().status_code < HTTPStatus.INTERNAL_SERVER_ERROR

    call()


@every_operation
def test_operation_answers_as_described_to_anything(schema, sessions, person, path, method, name):
    """Tries values that match the description, and values that break it, which must be refused."""
    from hypothesis import strategies  # noqa: PLC0415 - as above
    from schemathesis import GenerationMode  # noqa: PLC0415 - as above

    operation, known = schema[path][method], credentials(person)
    cases = [operation.as_strategy(generation_mode=mode, **known) for mode in GenerationMode]

    attempt(strategies.one_of(cases))

    assert audit.audit_seats(now=timezone.now()) == {}


@every_operation
def test_operation_answers_as_described_for_existing_objects(schema, known, bodies, person, path, method, name):
    """Tries every existing session and registration, in path and body, as a visitor, a person and an organiser."""
    from hypothesis import strategies  # noqa: PLC0415 - as above

    operation = schema[path][method]
    readers = [credentials(reader) for reader in (None, person, make_organizer())]
    values = [{name: value} for value in known[name]] if name else [{}]
    told = [{"body": body} for body in bodies.get(path.rpartition("/")[2], [])] or [{}]
    cases = [
        operation.as_strategy(path_parameters=value, **reader, **body)
        for value in values
        for reader in readers
        for body in told
    ]

    attempt(strategies.sampled_from(cases).flatmap(lambda case: case))

    assert audit.audit_seats(now=timezone.now()) == {}
