"""Signing up, giving back and one's own registrations through the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from project.accounts.enums import RoleKind
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.refusals import UnableToRegister
from tests.factories import NOW, give_role, make_event, make_people, make_person, make_session
from tests.registrations.support.api_clients import API, get, make_full_discreet_session, sign_up, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_sign_up_takes_a_seat():
    session, person = make_session(), make_person()

    answer = sign_up(session, signed_in(person))

    registration = Registration.objects.get()
    assert answer.status_code == 201
    assert (registration.attendee, registration.status) == (person, Status.CONFIRMED)
    said = answer.json()
    assert said.pop("session")["why_not"] == "already-registered"
    assert said == {
        "id": str(registration.key),
        "status": "CONFIRMED",
        "place": None,
        "replaces": None,
        "offer_expires_at": None,
        "created_at": "2026-03-02T10:00:00+01:00",
    }


def test_sign_up_of_a_full_session_tells_the_place_in_line():
    session = make_session(capacity=1)
    for person in make_people(2):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    answer = sign_up(session, signed_in())

    assert (answer.status_code, answer.json()["status"], answer.json()["place"]) == (201, "WAITLISTED", 2)


def test_sign_up_of_a_full_discreet_session_tells_no_place():
    session = make_full_discreet_session()

    answer = sign_up(session, signed_in())

    assert (answer.status_code, answer.json()["status"], answer.json()["place"]) == (201, "WAITLISTED", None)


@pytest.mark.parametrize(("others", "statements"), [(0, 15), (1, 14), (5, 14)])
def test_sign_up_costs_little(others, statements, django_assert_num_queries):
    session, client = make_session(capacity=1), signed_in()
    for person in make_people(others):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    with django_assert_num_queries(statements):
        sign_up(session, client)


def test_sign_up_again_answers_with_the_registration_that_exists():
    session, client = make_session(), signed_in()
    first = sign_up(session, client)

    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        second = sign_up(session, client)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"starts_at": NOW}, "started"),
        ({"status": "CANCELLED"}, "cancelled"),
        ({"opens_at": NOW + timedelta(seconds=1)}, "not-open-yet"),
        ({"closes_at": NOW}, "closed"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"audiences": ("STUDENT",)}, "not-eligible"),
        ({"event": "with a prerequisite"}, "prerequisite-missing"),
    ],
)
def test_sign_up_is_refused_with_a_code(overrides, code):
    if "event" in overrides:
        overrides = {"event": make_event(prerequisite=make_event())}
    session, client = make_session(**overrides), signed_in()

    answer = sign_up(session, client)

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json() == {
        "type": f"http://testserver/api/v1/docs#{code}",
        "title": "This is not possible now",
        "status": 409,
        "detail": UnableToRegister(code).text,
        "code": code,
    }
    assert get(f"/sessions/{session.key}", client).json()["why_not"] == code
    assert not Registration.objects.exists()


def test_sign_up_for_a_second_date_is_refused():
    event, client = make_event(), signed_in()
    sign_up(make_session(event=event), client)

    answer = sign_up(make_session(event=event), client)

    assert (answer.status_code, answer.json()["code"]) == (409, "slot-taken")
    assert Registration.objects.count() == 1


def test_sign_up_is_refused_where_it_depends_on_a_group_that_is_not_known():
    session = make_session(audiences=("STUDENT",))

    answer = sign_up(session, signed_in(make_person(name="", unit=None, audience="")))

    assert (answer.status_code, answer.json()["code"]) == (409, "not-introduced")
    assert not Registration.objects.exists()


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_sign_up_for_what_is_not_published_finds_nothing(status):
    session = make_session(event=make_event(status=status))

    answer = sign_up(session, signed_in())

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "overrides", [{}, {"closes_at": NOW}, {"opens_at": NOW + timedelta(days=1)}, {"starts_at": NOW}, {"capacity": 0}]
)
def test_sign_up_for_what_is_hidden_finds_nothing_whatever_else_is_the_matter(overrides):
    hidden, client = make_session(is_unlisted=True, **overrides), signed_in()

    answer = sign_up(hidden, client)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.content == client.post(f"{API}/sessions/{uuid.uuid4()}/registrations").content
    assert get(f"/sessions/{hidden.key}", client).status_code == 404
    assert not Registration.objects.exists()


@pytest.mark.parametrize(("key", "status"), [(uuid.uuid4(), 404), ("x", 422), ("%00", 422), ("..%2f", 404)])
def test_sign_up_for_an_unknown_session_finds_nothing(key, status):
    answer = signed_in().post(f"{API}/sessions/{key}/registrations")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_sign_up_without_signing_in_is_refused():
    session = make_session()

    answer = sign_up(session, Client(enforce_csrf_checks=True))

    assert (answer.status_code, answer.json()["code"]) == (401, "signed-out")
    assert answer["WWW-Authenticate"]
    assert not Registration.objects.exists()


def test_sign_up_without_a_token_is_refused():
    session = make_session()

    answer = sign_up(session, signed_in(enforce_csrf_checks=True))

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed")
    assert not Registration.objects.exists()


def test_sign_up_with_the_token_of_a_form_is_accepted():
    session, client = make_session(), signed_in(enforce_csrf_checks=True)
    page = client.get(f"/sessions/{session.key}/")
    token = page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    answer = client.post(f"{API}/sessions/{session.key}/registrations", headers={"x-csrftoken": token})

    assert answer.status_code == 201


def test_body_that_nobody_asked_for_changes_nothing_of_the_answer():
    session, client = make_session(), signed_in()

    answer = client.post(f"{API}/sessions/{session.key}/registrations", data="{", content_type="application/json")

    assert answer.status_code == 201


def test_my_registrations_are_mine_and_the_latest_first():
    client, early = signed_in(), make_session(starts_at=NOW + timedelta(days=1))
    late = make_session(starts_at=NOW + timedelta(days=2))
    for session in (early, late):
        sign_up(session, client)
        booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)

    answer = get("/my/registrations", client).json()

    assert [item["session"]["id"] for item in answer["items"]] == [str(late.key), str(early.key)]
    assert answer["count"] == 2
    assert get("/my/registrations?limit=1&offset=1", client).json()["items"] == answer["items"][1:]


def test_my_registrations_need_signing_in():
    answer = get("/my/registrations")

    assert (answer.status_code, answer.json()["code"]) == (401, "signed-out")


def test_cancel_gives_the_seat_to_the_next_person():
    session, client = make_session(capacity=1), signed_in()
    mine = sign_up(session, client).json()
    waiting = booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)

    answer = client.delete(f"{API}/my/registrations/{mine['id']}")

    waiting.refresh_from_db()
    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (200, mine["id"], "CANCELLED")
    assert waiting.status == Status.CONFIRMED


def test_cancel_twice_answers_the_same():
    session, client = make_session(), signed_in()
    address = f"{API}/my/registrations/{sign_up(session, client).json()['id']}"

    first, second = client.delete(address), client.delete(address)

    assert (first.status_code, first.json()) == (second.status_code, second.json())


def test_cancel_after_the_start_is_refused():
    session, client = make_session(), signed_in()
    mine = sign_up(session, client).json()

    with time_machine.travel(session.starts_at, tick=False):
        answer = client.delete(f"{API}/my/registrations/{mine['id']}")

    assert (answer.status_code, answer.json()["code"]) == (409, "started")
    assert Registration.objects.get().status == Status.CONFIRMED


@pytest.mark.parametrize("person_of", [make_person, lambda: give_role(make_person(), RoleKind.COORDINATOR)])
@pytest.mark.parametrize(("method", "tail"), [("delete", ""), ("post", "/undo")])
def test_registration_of_another_is_not_there(method, tail, person_of):
    theirs = booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)

    answer = getattr(signed_in(person_of()), method)(f"{API}/my/registrations/{theirs.key}{tail}")

    theirs.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert theirs.status == Status.CONFIRMED


@pytest.mark.parametrize(("method", "tail"), [("delete", ""), ("post", "/undo")])
def test_change_of_a_registration_without_a_token_is_refused(method, tail):
    person = make_person()
    mine = booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
    client = signed_in(person, enforce_csrf_checks=True)

    answer = getattr(client, method)(f"{API}/my/registrations/{mine.key}{tail}")

    mine.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-failed")
    assert mine.status == Status.CONFIRMED


def test_undo_gives_a_new_registration():
    client = signed_in()
    mine = sign_up(make_session(), client).json()
    client.delete(f"{API}/my/registrations/{mine['id']}")

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        first = client.post(f"{API}/my/registrations/{mine['id']}/undo")
    second = client.post(f"{API}/my/registrations/{mine['id']}/undo")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"] != mine["id"]
    assert first.json()["status"] == "CONFIRMED"


def test_undo_after_a_quarter_of_an_hour_is_refused():
    client = signed_in()
    mine = sign_up(make_session(), client).json()
    client.delete(f"{API}/my/registrations/{mine['id']}")

    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        answer = client.post(f"{API}/my/registrations/{mine['id']}/undo")

    assert (answer.status_code, answer.json()["code"]) == (409, "expired")
    assert not Registration.objects.active().exists()
