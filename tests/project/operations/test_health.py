import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from tests.architecture import sources

ASK = """
import django
django.setup()
from django.test import Client
answer = Client().get("/health/ready")
print(answer.status_code, answer.content.decode())
"""


def make_message(*, minutes_overdue: float, status: MessageStatus = MessageStatus.PENDING) -> Message:
    due_at = timezone.now() - timedelta(minutes=minutes_overdue)
    return Message.objects.create(
        kind="registration", address="a@example.org", status=status, created_at=due_at, due_at=due_at
    )


def test_live_answers_without_a_database(client: Client) -> None:
    response = client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_changes_nothing_by_post(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_ready_when_all_is_well(client: Client) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "up",
        "broker": "up",
        "outbox": {"oldest_due_seconds": 0, "limit_seconds": 900},
    }
    assert not response.cookies


@pytest.mark.django_db
def test_ready_asks_the_database_once(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(30):
        make_message(minutes_overdue=1)

    with django_assert_num_queries(1):
        client.get("/health/ready")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [MessageStatus.PENDING, MessageStatus.SENDING])
def test_ready_when_mail_waits_too_long(client: Client, status: MessageStatus) -> None:
    make_message(minutes_overdue=15.1, status=status)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert response.json()["database"] == "up"
    assert 906 <= response.json()["outbox"]["oldest_due_seconds"] <= 930


@pytest.mark.django_db
def test_ready_when_mail_waits_a_little(client: Client) -> None:
    make_message(minutes_overdue=14)

    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("status", [MessageStatus.SENT, MessageStatus.DROPPED, MessageStatus.FAILED])
def test_ready_ignores_mail_that_is_done(client: Client, status: MessageStatus) -> None:
    make_message(minutes_overdue=10_000, status=status)

    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_ready_ignores_mail_that_is_for_later(client: Client) -> None:
    make_message(minutes_overdue=-60)

    assert client.get("/health/ready").json()["outbox"]["oldest_due_seconds"] == 0


@pytest.mark.django_db
def test_ready_without_a_broker_is_degraded(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.CACHE_URL = f"unix://{tmp_path}/nobody-listens.sock"

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["broker"] == "down"


def test_ready_without_a_database_is_unavailable() -> None:
    """In a process of its own, whose database nobody serves."""
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"}

    asked = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", ASK],
        env=environment,
        cwd=sources.ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    status, _, body = asked.stdout.partition(" ")
    assert status == "503"
    assert json.loads(body) == {
        "status": "unavailable",
        "database": "down",
        "broker": "up",
        "outbox": {"oldest_due_seconds": None, "limit_seconds": 900},
    }
