"""A page that nothing changed on is answered with 304, and each way in which it could be stale is tried."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import psycopg
import pytest
import time_machine
from django.contrib.messages import constants
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from events.enums import SessionStatus
from events.models import Event, Session
from project import unchanged
from project.accounts.enums import RoleKind
from project.accounts.models import Unit
from registrations.models import AccessLink, Completion, Registration
from registrations.services import booking, capacity
from tests.factories import NOW, give_role, make_event, make_person, make_session, make_unit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
CATALOGUE = "/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as now:
        yield now


@pytest.fixture
def session():
    return make_session(starts_at=NOW + timedelta(days=10), units=("me",), capacity=2)


@pytest.fixture
def reader(client, session):
    """Somebody who waits for a date and looks at the catalogue for the second time, so that the browser has all its cookies."""
    make_unit("me")
    person = make_person()
    booking.sign_up(session_key=make_session(capacity=0).key, attendee=person, now=NOW)
    client.force_login(person)
    client.get(CATALOGUE)
    return person


def kept(client, path=CATALOGUE, **headers):
    """The tag of a page as the browser keeps it."""
    return client.get(path, headers=headers)["ETag"]


def again(client, tag, path=CATALOGUE, **headers):
    return client.get(path, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("path", [CATALOGUE, "/?page=1&q=event", "event"])
def test_a_page_on_which_nothing_changed_is_not_made_again(client, reader, session, path):
    path = session.event.get_absolute_url() if path == "event" else path
    tag = kept(client, path)

    with CaptureQueriesContext(connection) as queries:
        answer = again(client, tag, path)

    assert (answer.status_code, answer.content, answer["ETag"]) == (HTTPStatus.NOT_MODIFIED, b"", tag)
    assert len(queries) == 1
    assert not answer.templates


def test_it_is_the_same_for_who_is_signed_out_and_for_a_compressed_page(client, session):
    client.get(CATALOGUE)
    tag = kept(client, accept_encoding="gzip")

    assert tag.startswith("W/")
    assert again(client, tag, accept_encoding="gzip").status_code == HTTPStatus.NOT_MODIFIED


@pytest.mark.parametrize("is_changed", [True, False])
def test_nobody_but_the_browser_keeps_the_page_and_it_asks_each_time(client, reader, is_changed):
    answer = again(client, "another" if is_changed else kept(client))

    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))


def _sign_up(session, person):
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)


def _stranger(session, reader):
    _sign_up(session, make_person())


def _own_seat(session, reader):
    _sign_up(session, reader)


def _new_date(session, reader):
    make_session(event=session.event, starts_at=NOW + timedelta(days=3))


def _fewer_seats(session, reader):
    capacity.resize_session(session_key=session.key, capacity=1, now=NOW)


CHANGES = {
    "a seat is taken": _stranger,
    "the reader gets a seat": _own_seat,
    "a date is added": _new_date,
    "there are fewer seats": _fewer_seats,
    "a date is cancelled": lambda session, _: Session.objects.filter(pk=session.pk).update(
        status=SessionStatus.CANCELLED
    ),
    "a text is edited": lambda session, _: Event.objects.filter(pk=session.event_id).update(title_en="Another"),
    "an event is taken away": lambda session, _: session.event.delete(),
    "the house is renamed": lambda session, _: type(session.venue).objects.update(name="Another house"),
    "the faculty is renamed": lambda *_: Unit.objects.update(name_en="Another faculty"),
    "the wish of the reader is gone": lambda _, reader: Registration.objects.filter(attendee=reader).delete(),
    "the reader belongs elsewhere": lambda _, reader: (
        type(reader).objects.filter(pk=reader.pk).update(audience="STAFF")
    ),
    "the reader gets a role": lambda _, reader: give_role(reader, RoleKind.BOARD),
    "the reader gets a link": lambda session, reader: AccessLink.objects.create(
        session=session, address=reader.email, expires_at=NOW + timedelta(days=1), created_at=NOW
    ),
    "the reader did what comes first": lambda session, reader: Completion.objects.create(
        person=reader, event=session.event, completed_at=NOW
    ),
    "the account is closed": lambda _, reader: type(reader).objects.filter(pk=reader.pk).update(is_active=False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_page_is_made_again_when(client, reader, session, change):
    tag = kept(client)

    change(session, reader)

    assert again(client, tag).status_code == HTTPStatus.OK


def test_a_seat_given_back_by_somebody_else_is_seen(client, session):
    person = make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    client.get(CATALOGUE)
    tag = kept(client)

    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    assert "2 seats left" in again(client, tag).text


def test_what_was_written_before_and_committed_after_is_seen(client, reader, session):
    """The newest number in a table would miss it: a later row of somebody else was committed first."""
    with psycopg.connect(_address()) as slow:
        slow.execute("UPDATE events_event SET title_en = 'Written early' WHERE id = %s", [session.event_id])
        make_session()
        tag = kept(client)
        slow.commit()

        assert "Written early" in again(client, tag).text


def _address() -> str:
    """Of the database of the tests, for a connection of its own."""
    values = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port")
    return psycopg.conninfo.make_conninfo(**{name: values[name] for name in known if values.get(name)})


def test_a_transaction_that_sees_its_own_changes_keeps_nothing(client, session):
    with transaction.atomic():
        answer = client.get(CATALOGUE)

    assert not answer.has_header("ETag")


def test_somebody_else_gets_their_own_page(client, reader):
    tag = kept(client)
    client.force_login(make_person())

    assert again(client, tag).status_code == HTTPStatus.OK


def test_who_signed_out_gets_the_page_of_a_stranger(client, reader):
    tag = kept(client)
    client.logout()

    assert "Sign in" in again(client, tag).text


def test_another_language_is_another_page(client, reader):
    tag = kept(client, accept_language="en")

    assert again(client, tag, accept_language="nl").status_code == HTTPStatus.OK

    client.post("/language/", {"language": "nl"})

    assert 'lang="nl"' in again(client, tag, accept_language="en").text


def test_a_message_is_shown_once(client, reader):
    tag = kept(client)
    response = client.get(CATALOGUE)
    messages = CookieStorage(RequestFactory().get("/"))
    messages.add(constants.SUCCESS, "Your seat is yours.")
    messages.update(response)
    client.cookies["messages"] = response.cookies["messages"].value

    shown = again(client, tag)
    after = again(client, shown["ETag"])

    assert "Your seat is yours." in shown.text
    assert after.status_code == HTTPStatus.OK
    assert "Your seat is yours." not in after.text


def test_a_minute_later_the_page_is_made_again(client, reader, clock):
    tag = kept(client)

    clock.shift(timedelta(minutes=1))

    assert again(client, tag).status_code == HTTPStatus.OK


def test_another_release_makes_its_own_pages(client, reader, settings):
    tag = kept(client)

    settings.UNIVERSITY = "Another University"
    unchanged._release.cache_clear()
    answer = again(client, tag)
    unchanged._release.cache_clear()

    assert "Another University" in answer.text


@pytest.mark.parametrize("path", [CATALOGUE, "event"])
def test_a_page_that_tells_of_a_discreet_seat_is_not_kept_at_all(client, reader, path):
    session = make_session(event=make_event(is_discreet=True), starts_at=NOW + timedelta(days=10))
    _sign_up(session, reader)

    answer = client.get(session.event.get_absolute_url() if path == "event" else path)

    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}
    assert not answer.has_header("ETag")


def test_the_catalogue_costs_six_statements_whoever_reads_it(client, reader):
    """Somebody who waits for a listed date, beside one that asks for another event first."""
    make_session(event=make_event(prerequisite=make_event()))

    with CaptureQueriesContext(connection) as queries:
        client.get(CATALOGUE)

    assert len(queries) == 6, "\n".join(query["sql"] for query in queries)
