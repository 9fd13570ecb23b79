from __future__ import annotations

from uuid import UUID

import pytest
import time_machine
from django.db import connection

from events.models import Session
from project.accounts.enums import RoleKind
from project.database.prepared import PreparedRead
from project.outbox.models import Message
from registrations.models import Invite, Registration
from registrations.services import lock
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session, make_unit
from tests.registrations.support.inbox import make_party
from tests.registrations.support.screens import fill

SLOW_WRITES = """
CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(CASE TG_OP WHEN 'INSERT' THEN 0.12 ELSE 0.02 END); RETURN NULL; END $$;
CREATE TRIGGER pause BEFORE INSERT OR UPDATE ON registrations_registration FOR EACH STATEMENT EXECUTE FUNCTION pause();
"""

# A racer waits with its commit until every other racer is at its commit too, waits for a lock, or has finished: so no
# verb sees what another did, unless a lock made it wait for that. Racers know each other by the name of their
# connections, which all see at once, whatever their transactions; being at its end holds until the end of the
# transaction. Each race has a name of its own, as a connection may go back to the pool with that of an earlier one.
# After ten seconds the race goes on: nothing may hang.
COMMITS_IN_STEP = """
CREATE FUNCTION wait_for_the_others() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    race text := current_setting('application_name');
BEGIN
    IF race NOT LIKE 'race _%' OR race LIKE '% at its end' THEN RETURN NULL; END IF;
    PERFORM set_config('application_name', race || ' at its end', true);
    FOR round IN 1..2000 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE application_name = race AND datname = current_database() AND wait_event_type IS DISTINCT FROM 'Lock'
        );
        PERFORM pg_sleep(0.005);
    END LOOP;
    RETURN NULL;
END $$;
"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER in_step AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION wait_for_the_others();
"""
WRITTEN_IN_RACES = (Registration, Invite, Session, Message)


@pytest.fixture
def in_step():
    """The verbs of `at_once` have all decided before the first of them commits: what a race without the lock does is no
    matter of luck.
    """
    with connection.cursor() as cursor:
        cursor.execute(COMMITS_IN_STEP + "".join(AT_COMMIT % model._meta.db_table for model in WRITTEN_IN_RACES))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION wait_for_the_others() CASCADE")


@pytest.fixture
def slow_writes():
    """PostgreSQL sleeps before each write of a claim, so that the window of a race is wide."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW_WRITES)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION pause() CASCADE")


@pytest.fixture
def without_the_lock(monkeypatch):
    monkeypatch.setattr(lock, "_locked", lambda event: event.order_by())
    monkeypatch.setattr(lock, "_event_of", PreparedRead(lock._with_session, session_key=UUID))


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(client):
    """Somebody, signed in."""
    person = make_person()
    client.force_login(person)
    return person


@pytest.fixture
def organizer(client, clock):
    """The organiser of unit `me`, signed in."""
    person = make_organizer(unit=make_unit())
    client.force_login(person)
    return person


@pytest.fixture
def full_session():
    """Two seats taken, three waiting."""
    session = make_session(capacity=2)
    fill(session, 5)
    return session


@pytest.fixture
def party():
    return make_party()


@pytest.fixture
def session():
    """Ann and Bob have the two seats, Cid waits."""
    return _with_three_people(make_event())


@pytest.fixture
def discreet():
    """The same, discreet, and its two coordinators."""
    event = make_event(is_discreet=True, title_en="Telling title")
    event.coordinators.set([give_role(make_person(), RoleKind.COORDINATOR) for _ in range(2)])
    return _with_three_people(event)


@pytest.fixture
def host(session):
    return give_role(make_person(), RoleKind.HOST, session=session)


def _with_three_people(event):
    session = make_session(event=event, capacity=2)
    for name in ("Ann Seated", "Bob Seated", "Cid Waiting"):
        fill(session, 1, name=name)
    return session
