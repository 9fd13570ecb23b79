"""What the pages of an event and of a date say to one reader; what is said while waiting is in
`views/attending/test_wishes`.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations.models import AccessLink, Completion, Registration
from registrations.services.attending import booking, swaps
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import everything, full_session, post, signed_in, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def pages(client, session):
    return [text_of(client.get(url)) for url in (session.get_absolute_url(), session.event.get_absolute_url())]


def test_an_event_with_approval_is_asked_for(client):
    session, person = make_session(event=make_event(needs_approval=True)), signed_in(client)
    for text in pages(client, session):
        assert "An organiser approves each sign-up." in text
        assert "Ask for a seat" in text

    post(client, "sign_up", session.key)

    for text in [*pages(client, session), text_of(client.get("/my/"))]:
        assert "Waits for approval" in text or "You have asked for a seat." in text
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert "Take my request back" in pages(client, session)[0]
    assert Registration.objects.get(attendee=person).is_requested


def test_a_request_that_is_taken_back_can_be_asked_again(client):
    session, person = make_session(event=make_event(needs_approval=True)), signed_in(client)
    request = take(session, person)

    post(client, "cancel", request.key)

    assert "Undo: ask for a seat again" in pages(client, session)[0]


def test_what_comes_first_is_linked(client):
    first = make_event(title_en="The basics")
    session = make_session(event=make_event(prerequisite=first))
    signed_in(client)
    before = everything()

    for text in pages(client, session):
        assert f'<a href="{first.get_absolute_url()}">The basics</a>' in text
        assert "Take a seat" not in text
    assert post(client, "sign_up", session.key).status_code == 409
    assert everything() == before


def test_somebody_who_did_what_comes_first_may_come(client):
    first = make_event()
    session, person = make_session(event=make_event(prerequisite=first)), signed_in(client)
    Completion.objects.create(person=person, event=first, completed_at=NOW)

    assert all("Take a seat" in text for text in pages(client, session))


def test_a_discreet_event_that_comes_first_is_not_named(client):
    first = make_event(title_en="Telling title", is_discreet=True)
    session = make_session(event=make_event(prerequisite=first))
    signed_in(client)

    for text in pages(client, session):
        assert "Telling title" not in text
        assert first.get_absolute_url() in text


def test_a_clash_is_said_before_and_after_and_never_blocks(client):
    person = signed_in(client)
    there = make_session(event=make_event(title_en="Bystander training"))
    here = make_session(starts_at=there.starts_at + timedelta(hours=1))
    take(there, person)
    before = pages(client, here)

    post(client, "sign_up", here.key)

    for text in [*before, *pages(client, here), text_of(client.get("/my/"))]:
        assert "At that time you also have a seat at Bystander training, 10:00–12:00." in text
    assert Registration.objects.filter(attendee=person, status="CONFIRMED").count() == 2


def test_a_clash_with_a_discreet_session_names_nothing(client):
    person = signed_in(client)
    discreet = make_session(event=make_event(title_en="Telling title", is_discreet=True))
    here = make_session()
    take(discreet, person)

    for text in pages(client, here):
        assert "At that time you also have a seat at another session, 10:00–12:00." in text
        assert "Telling title" not in text


def test_somebody_elses_seat_is_no_clash(client):
    there, here = make_session(), make_session()
    take(there, make_person())
    signed_in(client)

    assert all("At that time" not in text for text in pages(client, here))


def test_another_date_of_the_slot_is_no_clash(client):
    event, person = make_event(), signed_in(client)
    there, here = make_session(event=event), make_session(event=event)
    take(there, person)

    assert "At that time" not in pages(client, here)[0]


def test_an_unlisted_date_is_for_people_with_a_link(client):
    session, person = make_session(is_unlisted=True), signed_in(client)
    assert client.get(session.get_absolute_url()).status_code == 404
    AccessLink.objects.create(
        session=session, address=person.email, created_by=person, created_at=NOW, expires_at=session.starts_at
    )

    page, event_page = pages(client, session)

    assert "Take a seat" in page
    assert session.get_absolute_url() in event_page
    client.logout()
    assert client.get(session.get_absolute_url()).status_code == 404
    assert session.get_absolute_url() not in text_of(client.get(session.event.get_absolute_url()))


def test_a_date_that_is_full_and_keeps_no_list_is_said_so(client):
    session = full_session(has_waiting_list=False)
    signed_in(client)

    page, event_page = pages(client, session)

    assert "keeps no waiting list" in page
    assert "Wait for more dates" not in event_page


def test_the_page_of_a_discreet_event_shows_no_numbers(client):
    session = full_session(event=make_event(is_discreet=True))
    person = signed_in(client)
    take(session, make_person())
    take(session, person)

    for text in pages(client, session):
        assert "umber 2" not in text
        assert "waiting" in text


def test_several_seats_given_back_can_each_be_undone(client):
    event, person = make_event(seat_scope="SESSION"), signed_in(client)
    sessions = [make_session(event=event, starts_at=NOW + timedelta(days=days)) for days in (1, 2)]
    for session in sessions:
        registration = take(session, person)
        booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    text = text_of(client.get(event.get_absolute_url()))

    assert text.count("Undo: take my seat again") == 2


def _dates(number, person):
    """So many dates of one event, each full and waited for, and a seat on one more."""
    event = make_event()
    own = make_session(event=event, starts_at=NOW + timedelta(days=1))
    take(own, person)
    for minute in range(number):
        full = make_session(event=event, capacity=0, starts_at=NOW + timedelta(days=5, minutes=minute))
        held = Registration.objects.get(attendee=person, status="CONFIRMED")
        post_wish(full, held)
    return own


def post_wish(session, held):
    swaps.swap(registration_key=held.key, session_key=session.key, attendee=held.attendee, now=NOW)


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_a_seat_costs_the_same_whatever_the_number_of_dates(client, number):
    person = signed_in(client)
    session = _dates(number, person)

    with CaptureQueriesContext(connection) as queries:
        client.get(session.get_absolute_url())

    assert len(queries) == 7


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_of_an_event_costs_the_same_whatever_one_waits_for(client, number):
    person = signed_in(client)
    session = _dates(number, person)

    with CaptureQueriesContext(connection) as queries:
        client.get(session.event.get_absolute_url())

    assert len(queries) == 5


@pytest.mark.parametrize("number", [1, 30])
def test_my_sessions_cost_the_same_whatever_one_waits_for(client, number):
    person = signed_in(client)
    _dates(number, person)

    with CaptureQueriesContext(connection) as queries:
        client.get("/my/")

    assert len(queries) == 8
