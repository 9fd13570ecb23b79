from __future__ import annotations

import io
import json
import logging
import sys
from datetime import timedelta

import pytest
import structlog

from project import logs
from project.accounts.enums import RoleKind
from project.outbox.services import delivery
from registrations.services.attending import booking
from registrations.services.door import attendance
from tests.factories import NOW, give_role, make_organizer, make_person, make_session


@pytest.mark.django_db
def test_no_log_line_names_a_participant(client, caplog, mailbox):
    """The whole life of a seat, with refusals, a failing mail server and a walk-in, at log level DEBUG."""
    caplog.set_level(logging.DEBUG, logger="project")
    caplog.set_level(logging.INFO)
    session = make_session(capacity=1)
    person, other = make_person(name="Demo Unmistakable"), make_person(name="Demo Conspicuous")
    host = give_role(make_organizer(), RoleKind.HOST, session=session)
    mailbox.refuse_with = "550 no such user"
    client.force_login(person)

    client.post(f"/sessions/{session.key}/sign-up/")
    seat = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.sign_up(session_key=session.key, attendee=other, now=NOW)
    booking.cancel(registration_key=seat.key, actor=person, now=NOW)
    delivery.deliver_due(now=NOW)
    attendance.walk_in(
        session_key=session.key, address="walkin@demo.example", actor=host, now=session.starts_at - timedelta(minutes=5)
    )
    client.force_login(host)
    client.get(f"/organise/sessions/{session.key}/")
    client.get(f"/organise/sessions/{session.key}/participants.csv")
    client.get("/my/0/")

    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    assert "mail_not_sent" in ours
    for secret in (person.email, other.email, "Unmistakable", "Conspicuous", "walkin@"):
        assert secret not in ours


def written(logger, log):
    """Returns the line that a production log would get."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    renderer = structlog.processors.JSONRenderer()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=logs.STEPS))
    logging.getLogger(logger).addHandler(handler)
    try:
        log(logging.getLogger(logger))
    finally:
        logging.getLogger(logger).removeHandler(handler)
    return stream.getvalue()


def fail(address):
    try:
        {}[address]
    except KeyError as cause:
        raise ValueError(f"Key (email)=({address}) already exists") from cause


def log_the_failure(logger):
    try:
        fail("conspicuous@demo.example")
    except ValueError as error:
        context = {"exc": repr(error), "args": [1], "name": "deliver"}
        logger.exception("Task raised: %(exc)s", context, extra={"data": context})


def test_an_error_is_logged_with_type_and_place_but_without_text():
    line = written("django.request", lambda logger: logger.error("Internal Server Error: /", exc_info=failure()))

    event = json.loads(line)
    assert event["error"] == "ValueError < KeyError"
    assert event["where"][-1].endswith(" fail")
    assert "conspicuous" not in line


def failure():
    try:
        fail("conspicuous@demo.example")
    except ValueError:
        return sys.exc_info()


def test_a_failed_task_is_logged_without_the_text_of_its_error():
    line = written(logs.TASK_LOGGER, log_the_failure)

    assert json.loads(line)["event"] == "task failed: deliver"
    assert "conspicuous" not in line


@pytest.mark.parametrize("nothing", [None, False, (None, None, None)])
def test_a_line_without_an_error_is_unchanged(nothing):
    assert logs.without_values(None, "info", {"event": "started", "exc_info": nothing}) == {"event": "started"}


def test_an_error_passed_as_exc_info_is_logged():
    assert logs.without_values(None, "error", {"event": "x", "exc_info": OSError("name")})["error"] == "OSError"


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/my/conspicuous.ics",
        "/feeds/my/conspicuous.ics?x=1",
        "/access/conspicuous/",
        f"/give-back/conspicuous:{'a' * 43}/",
        f"/my/preferences/confirm/conspicuous:1abc:{'a' * 43}/",
        f"/offer/conspicuous%3A{'a' * 43}/",
        "/?q=conspicuous",
        "/?view=series&q=conspicuous+words&page=2",
    ],
)
@pytest.mark.parametrize("logger", ["django.request", "granian.access"])
def test_a_secret_in_a_path_is_hidden_in_errors_and_in_access_logs(logger, path):
    line = written(logger, lambda log: log.error('"GET %(path)s HTTP/1.1" 200', {"path": path}))

    assert "conspicuous" not in line
    assert "a" * 43 not in line
    assert json.loads(line)["event"].startswith('"GET /')


def test_other_paths_are_logged_unchanged():
    event = {"event": "GET /feeds/events.ics and /sessions/0b5c60aa-1111-4222-8333-444455556666/ at 10:00:00"}

    assert logs.without_secrets(None, "info", dict(event)) == event
