"""The one lock of all seats."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from registrations.enums import Status
from registrations.services import lock
from registrations.services.refusals import UnableToRegister
from tests.registrations.support.mails import make_claim

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", [lock.lock_session, lock.lock_event_of, lock.lock_registration])
def test_what_is_not_there_is_refused(verb):
    with pytest.raises(UnableToRegister) as refusal:
        verb(uuid4())

    assert refusal.value.code == "not-published"


def test_an_event_that_is_not_there_is_a_mistake_of_ours():
    with pytest.raises(Event.DoesNotExist):
        lock.lock_event(pk=0)


@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["session", "event_of", "registration", "event"])
def test_only_the_row_of_the_event_is_locked(name):
    """`FOR NO KEY UPDATE` lets a plain insert that refers to the event go on beside it."""
    claim = make_claim(Status.CONFIRMED)
    verbs = {
        "session": lambda: lock.lock_session(claim.session.key),
        "event_of": lambda: lock.lock_event_of(claim.session.key),
        "registration": lambda: lock.lock_registration(claim.key),
        "event": lambda: lock.lock_event(key=claim.session.event.key),
    }

    with CaptureQueriesContext(connection) as statements:
        verbs[name]()

    locking = [each["sql"] for each in statements if "FOR NO KEY UPDATE" in each["sql"]]
    assert len(locking) == 1
    assert locking[0].endswith('FOR NO KEY UPDATE OF "events_event"')
