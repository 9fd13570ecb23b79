from __future__ import annotations

import copy
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps.registry import Apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Max, Q
from django.db.models.functions import Now
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from events.models import Event, Session
from project.accounts.models import User
from project.database.prepared import PreparedInsert, PreparedRead, UnableToPrepare
from project.outbox.models import Message
from registrations.enums import Action, Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.services.attending import booking
from tests.factories import NOW, make_person, make_session


def sessions_by_key(key):
    return Session.objects.select_related("event", "venue").filter(key=key)


@pytest.fixture
def by_key():
    return PreparedRead(sessions_by_key, key=UUID)


@pytest.mark.django_db
def test_a_prepared_read_returns_the_rows_of_the_queryset(by_key):
    session, other = make_session(), make_session()

    assert by_key(key=session.key) == [session]
    assert by_key(key=other.key) == [other]
    assert by_key(key=uuid4()) == []


@pytest.mark.django_db
def test_a_prepared_read_sends_the_statement_of_the_queryset(by_key):
    """Compares SQL and values with what Django sends, in case another version of Django compiles differently."""
    session = make_session()
    by_key(key=uuid4())

    with CaptureQueriesContext(connection) as asked:
        by_key(key=session.key)
        list(sessions_by_key(session.key))

    prepared, plain = (query["sql"] for query in asked)
    assert prepared == plain


@pytest.mark.django_db
def test_a_prepared_read_fetches_related_rows_in_one_statement(by_key):
    session = make_session(audiences=["STUDENT", "STAFF"])
    by_key(key=uuid4())

    with CaptureQueriesContext(connection) as asked:
        found = by_key(key=session.key)[0]
        related = (found.event, found.venue)

    fresh = Session.objects.get(pk=session.pk)
    assert {name: getattr(found, name) for name in columns_of(Session)} == {
        name: getattr(fresh, name) for name in columns_of(Session)
    }
    assert related == (session.event, session.venue)
    assert len(asked) == 1


@pytest.mark.django_db
def test_a_prepared_read_returns_new_objects_for_each_call(by_key):
    session = make_session(capacity=7)

    by_key(key=session.key)[0].capacity = 8

    assert by_key(key=session.key)[0].capacity == 7


@pytest.mark.django_db
def test_a_prepared_read_accepts_datetimes_and_numbers():
    session = make_session(capacity=7)
    coming = PreparedRead(
        lambda now, seats: Session.objects.filter(starts_at__gt=now, capacity__gte=seats), now=type(NOW), seats=int
    )

    assert coming(now=session.starts_at - timedelta(seconds=1), seats=7) == [session]
    assert coming(now=session.starts_at, seats=7) == []
    assert coming(now=session.starts_at - timedelta(seconds=1), seats=8) == []


@pytest.mark.django_db
def test_a_prepared_read_accepts_texts():
    person = make_person()
    make_person()
    of_address = PreparedRead(lambda email: User.objects.filter(email=email), email=str)

    assert of_address(email=person.email) == [person]


@pytest.mark.django_db
def test_a_prepared_read_may_use_a_value_twice():
    session = make_session()
    around = PreparedRead(
        lambda moment: Session.objects.filter(starts_at__lte=moment, ends_at__gt=moment), moment=type(NOW)
    )

    assert around(moment=session.starts_at) == [session]
    assert around(moment=session.ends_at) == []


@pytest.mark.django_db
def test_a_prepared_read_returns_annotations():
    registration = sign_up()
    counted = PreparedRead(
        lambda pk: Session.objects.filter(pk=pk).annotate(
            claims=Count("registrations"), newest=Max("registrations__created_at")
        ),
        pk=int,
    )

    found: Any = counted(pk=registration.session_id)[0]

    assert (found.claims, found.newest) == (1, registration.created_at)


@pytest.mark.django_db
@pytest.mark.parametrize("shape", ["values", "values_list", "flat"])
def test_a_prepared_read_returns_rows_of_values(shape):
    registration = sign_up()
    rows = Registration.objects.annotate(people=Count("attendee"), latest=Max("created_at"))
    columns = ("latest", "slot", "people", "status")

    def build(session):
        mine = rows.filter(Q(session=session) & ~Q(status=Status.CANCELLED)).order_by()
        return mine.values_list("slot", flat=True) if shape == "flat" else getattr(mine, shape)(*columns)

    assert PreparedRead(build, session=int)(session=registration.session_id) == list(build(registration.session_id))


@pytest.mark.django_db
def test_a_prepared_read_locks_rows():
    session = make_session()
    locked = PreparedRead(lambda pk: Event.objects.filter(pk=pk).select_for_update(no_key=True, of=("self",)), pk=int)

    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        found = locked(pk=session.event.pk)

    assert found == [session.event]
    assert connection.vendor == "sqlite" or asked[0]["sql"].endswith('FOR NO KEY UPDATE OF "events_event"')


@pytest.mark.django_db(transaction=True)
def test_a_prepared_read_refuses_to_lock_outside_a_transaction():
    session = make_session()
    locked = PreparedRead(lambda pk: Event.objects.filter(pk=pk).select_for_update(), pk=int)
    with transaction.atomic():
        locked(pk=session.event.pk)

    with pytest.raises(TransactionManagementError):
        locked(pk=session.event.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda number: Session.objects.all(), id="nowhere"),
        pytest.param(lambda number: Session.objects.filter(capacity__gt=number + 1), id="something made of it"),
        pytest.param(lambda number: Session.objects.filter(pk=number, capacity=number // 2), id="that beside it"),
        pytest.param(lambda number: Session.objects.all()[: number + 1], id="a limit"),
        pytest.param(lambda number: Session.objects.filter(pk__in=range(number % 7)), id="another text"),
    ],
)
def test_a_prepared_read_refuses_sql_that_depends_on_a_value(build):
    with pytest.raises(UnableToPrepare):
        PreparedRead(build, number=int)(number=7)


@pytest.mark.django_db
def test_a_prepared_read_accepts_a_key_as_text(by_key):
    session = make_session()

    assert by_key(key=str(session.key)) == [session]


@pytest.mark.django_db
@pytest.mark.parametrize("value", [None, 7, NOW])
def test_a_prepared_read_refuses_a_value_of_another_type(by_key, value):
    with pytest.raises(TypeError):
        by_key(key=value)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_prepared_read_uses_the_connection_of_its_thread(by_key):
    session = make_session()
    by_key(key=session.key)
    found: list[Session] = []
    here: list[str] = []
    there: list[str] = []

    def elsewhere():
        with connection.execute_wrapper(noting(there)):
            found.extend(by_key(key=session.key))
        connection.close()

    with connection.execute_wrapper(noting(here)):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()

    assert found == [session]
    assert (len(here), len(there)) == (0, 1)


INSERTED = [
    pytest.param(lambda: Registration(**claim_of(make_session())), id="registration"),
    pytest.param(lambda: RegistrationLog(registration=sign_up(), at=NOW, action=Action.LEFT), id="log"),
    pytest.param(lambda: Invite(**invite_of(sign_up())), id="invite"),
    pytest.param(lambda: Message(kind="news", facts={"a": [1, None]}, created_at=NOW, due_at=NOW), id="message"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("make", INSERTED)
def test_a_prepared_insert_sends_the_statement_of_bulk_create(make):
    """For each table written this way, in case another version of Django, or a new column, is written differently."""
    row = make()
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        type(row).objects.bulk_create([copy.copy(row)])
        transaction.set_rollback(True)
    plain = asked[0]["sql"]

    with CaptureQueriesContext(connection) as asked:
        PreparedInsert(type(row))([row])

    assert asked[0]["sql"] == plain


@pytest.mark.django_db
@pytest.mark.parametrize("make", INSERTED)
def test_a_prepared_insert_marks_the_row_as_saved(make):
    row = make()

    PreparedInsert(type(row))([row])

    fresh = type(row).objects.get(pk=row.pk)
    assert {name: getattr(row, name) for name in columns_of(type(row))} == {
        name: getattr(fresh, name) for name in columns_of(type(row))
    }
    assert (row._state.adding, row._state.db) == (False, "default")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_prepared_insert_writes_any_number_of_rows(number):
    rows = [Message(kind="news", created_at=NOW, due_at=NOW) for _ in range(number)]

    PreparedInsert(Message)(rows)

    assert list(Message.objects.order_by("pk")) == rows
    assert all(row.pk for row in rows)


@pytest.mark.django_db
def test_a_prepared_insert_keeps_a_key_that_was_given():
    PreparedInsert(Message)([Message(pk=77, kind="news", created_at=NOW, due_at=NOW)])

    assert Message.objects.get().pk == 77


@pytest.mark.django_db
def test_a_prepared_insert_raises_integrity_errors():
    session, person = make_session(), make_person()
    PreparedInsert(Registration)([Registration(**claim_of(session, person))])

    with pytest.raises(IntegrityError, match=r"one_active_registration|UNIQUE"), transaction.atomic():
        PreparedInsert(Registration)([Registration(**claim_of(session, person))])

    assert Registration.objects.count() == 1


@pytest.mark.django_db
def test_a_prepared_insert_refuses_a_table_with_generated_columns():
    class Filled(models.Model):
        at = models.DateTimeField(db_default=Now())

        class Meta:
            app_label = "events"
            apps = Apps()

        def __str__(self):
            return "filled"

    with pytest.raises(UnableToPrepare):
        PreparedInsert(Filled)([Filled()])


def claim_of(session, person=None):
    attendee = person or make_person()
    return {
        "session": session,
        "attendee": attendee,
        "slot": session.slot,
        "status": Status.CONFIRMED,
        "created_at": NOW,
        "confirmed_at": NOW,
    }


def invite_of(registration):
    person = registration.attendee
    return {
        "registration": registration,
        "attendee": person,
        "slot": uuid4(),
        "address": person.email,
        "stamped_at": NOW,
    }


def sign_up():
    return booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)


def noting(statements):
    def wrapper(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def columns_of(model):
    return [field.attname for field in model._meta.concrete_fields]
