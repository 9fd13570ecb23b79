"""Statements sent `together` return the same as when each waits for its own answer."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.pq import PipelineStatus

from events.models import Session
from project.accounts.models import User
from project.database.prepared import PreparedInsert, PreparedRead, UnableToPrepare, together
from project.outbox.models import Message
from registrations.enums import Action
from registrations.models import RegistrationLog
from registrations.services.attending import booking
from tests.factories import NOW, make_person, make_session

pytestmark = pytest.mark.django_db
_session = PreparedRead(lambda key: Session.objects.select_related("event").filter(key=key), key=UUID)
_names = PreparedRead(lambda pk: User.objects.filter(pk=pk).values_list("name", flat=True), pk=int)
_log = PreparedInsert(RegistrationLog)
_messages = PreparedInsert(Message)


def a_message(kind="news"):
    return Message(kind=kind, created_at=NOW, due_at=NOW)


def a_log_row(registration):
    return RegistrationLog(registration=registration, at=NOW, action=Action.OPENED, status=registration.status)


@pytest.fixture
def registration():
    return booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)


def is_in_a_pipeline():
    return connection.connection.pgconn.pipeline_status == PipelineStatus.ON


def test_each_read_returns_its_own_rows():
    session, person = make_session(), make_person(name="Somebody")

    with together():
        sessions, names = _session.send(key=session.key), _names.send(pk=person.pk)

    assert names.rows() == ["Somebody"]
    assert sessions.rows() == [session]


def test_inserted_rows_have_their_keys_after_the_block(registration):
    Message.objects.all().delete()
    row, message = a_log_row(registration), a_message()

    with together():
        _log([row])
        _messages([message])

    assert RegistrationLog.objects.get(action=Action.OPENED) == row
    assert Message.objects.get() == message


def test_several_rows_of_one_table_can_be_inserted(registration):
    rows = [a_message() for _ in range(3)]

    with together():
        _messages(rows)
        _log([a_log_row(registration)])

    assert list(Message.objects.filter(kind="news").order_by("pk")) == rows


@pytest.mark.postgresql
def test_statements_are_in_a_pipeline_only_within_the_block():
    session = make_session()

    with together():
        within = is_in_a_pipeline()
        asked = _session.send(key=session.key)
        early = asked.rows()

    assert within
    assert not is_in_a_pipeline()
    assert early == [session]  # reading the rows within the block waits for them


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_there_is_no_pipeline_outside_a_transaction():
    connection.ensure_connection()

    with together():
        within = is_in_a_pipeline()

    assert not within


def test_a_nested_block_uses_the_same_pipeline():
    session, message = make_session(), a_message()

    with together():
        with together():
            _messages([message])
        asked = _session.send(key=session.key)

    assert message.pk
    assert asked.rows() == [session]


def test_an_integrity_error_is_raised_and_nothing_is_written(registration):
    refused = [a_message(), a_message(kind=None), a_message()]

    with pytest.raises(IntegrityError):
        write_one_by_one(refused)

    assert not Message.objects.filter(kind="news").exists()
    assert _names(pk=registration.attendee_id)  # and the connection goes on


def test_a_failing_block_writes_nothing_and_the_next_block_works():
    message = a_message()

    with pytest.raises(AttributeError):
        write_one_by_one([a_message(), "no message"])

    with together():
        _messages([message])
    assert Message.objects.get() == message


def write_one_by_one(messages):
    with transaction.atomic(), together():
        for message in messages:
            _messages([message])


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "change",
    [
        lambda person: User.objects.filter(pk=person.pk).update(name="Other"),
        lambda person: person.save(),
        lambda person: User.objects.filter(pk=person.pk).delete(),
    ],
    ids=["update", "save", "delete"],
)
def test_updates_and_deletes_are_refused_within_a_block(change):
    """Django would read that no row was changed, and `save` would insert another."""
    person = make_person(name="Somebody")

    with pytest.raises(UnableToPrepare), transaction.atomic(), together():
        change(person)

    assert User.objects.get(pk=person.pk).name == "Somebody"


def test_a_pipeline_does_not_affect_other_threads():
    """Each thread has its own connection and its own pending answers."""
    found = []

    with together():
        other = threading.Thread(target=lambda: found.append(_is_alone()))
        other.start()
        other.join()

    assert found == [True]


def _is_alone():
    from project.database.prepared import _pending  # noqa: PLC0415  # of this thread

    return _pending.callbacks is None


def test_a_pipeline_sends_the_same_statements():
    """A pipeline does not reduce the number of statements."""
    session, person = make_session(), make_person()

    with CaptureQueriesContext(connection) as sent:
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    inserted = [query["sql"].split('"')[1] for query in sent if query["sql"].startswith("INSERT")]
    assert inserted == [
        "registrations_registration",
        "registrations_registrationlog",
        "registrations_invite",
        "outbox_message",
    ]
