"""A round of the scheduler continues after an item that fails, and leaves the database connection usable."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection
from structlog.testing import capture_logs

from project import batches
from project.accounts.models import Unit
from project.batches import each_in_turn
from tests.factories import make_unit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_earlier_round(monkeypatch):
    monkeypatch.setattr(batches, "_failed_last", {})


def _fail_at(*broken, error=ZeroDivisionError):
    done = []

    def act(item):
        done.append(item)
        if item in broken:
            raise error("Demo Person <demo@demo.example>")

    return act, done


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyError, Unit.DoesNotExist, OperationalError, InterfaceError])
def test_each_in_turn_continues_after_a_failure_and_counts_it(error):
    act, done = _fail_at(1, 3, error=error)

    with capture_logs() as logs:
        failed = each_in_turn([1, 2, 3, 4], act, name="trial")

    assert (failed, done) == (2, [1, 2, 3, 4])
    assert [line["event"] for line in logs] == ["item_failed", "item_failed", "round_with_failures"]
    assert logs[-1] == {
        "event": "round_with_failures",
        "log_level": "error",
        "round": "trial",
        "failed": 2,
        "items": 4,
    }
    assert all(line["exc_info"] for line in logs[:-1])
    assert "Demo Person" not in str(logs)


def test_each_in_turn_logs_nothing_without_failures():
    act, done = _fail_at()

    with capture_logs() as logs:
        assert each_in_turn([2, 1], act, name="trial") == 0

    assert (done, logs) == ([2, 1], [])


def test_each_in_turn_tries_earlier_failures_last():
    act, done = _fail_at(1, 2)

    for _ in range(2):
        each_in_turn([1, 2, 3, 4], act, name="trial")
    each_in_turn([1, 2, 3], act, name="another")

    assert done == [1, 2, 3, 4, *[3, 4, 1, 2], *[1, 2, 3]]


def test_each_in_turn_leaves_no_broken_transaction_behind():
    def act(item):
        if item == 1:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO accounts_unit (nothing_like_this) VALUES (1)")
        make_unit(f"unit{item}")

    assert each_in_turn([1, 2], act, name="trial") == 1
    assert list(Unit.objects.values_list("code", flat=True)) == ["unit2"]
    assert not connection.in_atomic_block


@pytest.mark.postgresql
def test_each_in_turn_replaces_a_broken_connection():
    def act(item):
        if item == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        make_unit(f"unit{item}")

    assert each_in_turn([1, 2], act, name="trial") == 1
    assert list(Unit.objects.values_list("code", flat=True)) == ["unit2"]


@pytest.mark.postgresql
def test_each_in_turn_stops_when_the_database_is_away(monkeypatch):
    act, done = _fail_at(1, error=OperationalError)

    def refuse():
        raise OperationalError

    connection.close()
    monkeypatch.setattr(connection, "connect", refuse)

    with pytest.raises(OperationalError):
        each_in_turn([1, 2], act, name="trial")
    assert done == [1]
