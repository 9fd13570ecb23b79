from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services.messages import enqueue
from registrations.services.attending import booking
from tests.factories import NOW, make_person, make_session

SIGN_UP = """
import sys, time, django
from uuid import UUID
django.setup()
from django.utils import timezone
from project.accounts.models import User
from registrations.services.attending import booking
started = time.monotonic()
booking.sign_up(session_key=UUID(sys.argv[1]), attendee=User.objects.get(key=sys.argv[2]), now=timezone.now())
print(time.monotonic() - started)
"""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_sign_up_is_committed_quickly_without_a_broker():
    """In a process of its own, whose broker does not exist, as when Redis has stopped."""
    soon = timezone.now() + timedelta(days=3)
    session, person = make_session(starts_at=soon), make_person()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "DATABASE_URL": database,
    }

    command = [sys.executable, "-c", SIGN_UP, str(session.key), str(person.key)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603  # our own words

    assert float(ran.stdout) < 2
    assert "broker_unreachable" in ran.stderr
    assert person.email not in ran.stderr
    assert Message.objects.get().status == MessageStatus.PENDING


@pytest.mark.django_db
def test_enqueue_without_mails_runs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        enqueue([])


@pytest.mark.django_db
def test_str_of_a_message_contains_no_address():
    person = make_person()
    booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)

    words = f"{Message.objects.get()!s} {Message.objects.get()!r}"

    assert person.email not in words
    assert person.name not in words
