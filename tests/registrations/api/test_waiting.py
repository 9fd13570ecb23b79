"""Saying for which dates one waits, through the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine

from events.models import Session
from registrations.enums import Status
from registrations.models import AccessLink, Registration
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.api_clients import post, refusal, signed_in
from tests.registrations.support.screens import fill, state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def full(event):
    """Three dates of one slot, each with its one seat taken and one person waiting."""
    sessions = [make_session(event=event, capacity=1, starts_at=NOW + timedelta(days=day)) for day in (10, 20, 30)]
    for session in sessions:
        fill(session, 2)
    return sessions


def wait(event, client, *sessions):
    return post(f"/events/{event.slug}/waiting", client, {"sessions": [str(session.key) for session in sessions]})


def said(answer):
    """Date and state of each claim, as the answer has them."""
    assert answer.status_code == 200
    assert answer.json()["count"] == len(answer.json()["items"])
    return [(one["session"]["id"], one["status"], one["place"]) for one in answer.json()["items"]]


def test_wait_joins_the_list_of_each_date(event, full):
    person = make_person()

    answer = wait(event, signed_in(person), full[2], full[0])

    assert said(answer) == [(str(full[0].key), "WAITLISTED", 2), (str(full[2].key), "WAITLISTED", 2)]
    assert {one["replaces"] for one in answer.json()["items"]} == {None}
    own = Registration.objects.of(person)
    assert len({claim.waitlisted_at for claim in own}) == 1


def test_wait_again_changes_nothing(event, full):
    client = signed_in()
    first = wait(event, client, *full)
    before = state()

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        second = wait(event, client, *full)

    assert first.json() == second.json()
    assert state() == before


def test_wait_for_other_dates_keeps_the_moment_of_joining(event, full):
    person = make_person()
    client = signed_in(person)
    wait(event, client, full[0])

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        fill(full[1], 1)
        answer = wait(event, client, full[1])

    assert said(answer) == [(str(full[1].key), "WAITLISTED", 2)]
    assert not Registration.objects.of(person).filter(session=full[0], status=Status.WAITLISTED).exists()


def test_wait_for_no_date_leaves_the_list(event, full):
    person = make_person()
    client = signed_in(person)
    wait(event, client, *full)

    answer = wait(event, client)

    assert answer.json() == {"items": [], "count": 0}
    assert not Registration.objects.active().of(person).exists()


def test_wait_for_any_joins_every_date(event, full):
    person = make_person()

    answer = post(f"/events/{event.slug}/waiting", signed_in(person), {"any": True})

    assert [status for _, status, _ in said(answer)] == ["WAITLISTED"] * 3
    assert all(claim.wants_any_date for claim in Registration.objects.of(person))


@pytest.mark.parametrize("body", [{"any": True}, {"any": True, "language": "en"}, {"sessions": []}])
def test_wait_takes_no_seat_that_is_free(event, full, body):
    free = make_session(event=event, starts_at=NOW + timedelta(days=4))
    if "sessions" in body:
        body = {"sessions": [str(full[0].key), str(free.key)]}
    client, before = signed_in(), state()

    answer = post(f"/events/{event.slug}/waiting", client, body)

    assert refusal(answer) == (409, "seat-free")
    assert state() == before


def test_wait_with_first_takes_the_earliest_seat(event, full):
    late, early = (make_session(event=event, starts_at=NOW + timedelta(days=day)) for day in (5, 4))

    answer = post(f"/events/{event.slug}/waiting", signed_in(), {"first": True, "language": None})

    assert said(answer) == [(str(early.key), "CONFIRMED", None)]
    assert late.registrations.count() == 0


@pytest.mark.parametrize("ask", ["any", "first"])
def test_wait_in_one_language_joins_only_those_dates(event, full, ask):
    Session.objects.filter(pk=full[1].pk).update(language="nl")

    answer = post(f"/events/{event.slug}/waiting", signed_in(), {ask: True, "language": "nl"})

    assert said(answer) == [(str(full[1].key), "WAITLISTED", 2)]


def test_wait_leaves_out_what_is_over(event, full):
    gone = [make_session(event=event, status="CANCELLED"), make_session(event=event, starts_at=NOW)]

    answer = wait(event, signed_in(), full[0], *gone)

    assert said(answer) == [(str(full[0].key), "WAITLISTED", 2)]


def test_wait_with_a_seat_elsewhere_replaces_it(event, full):
    client, seat = signed_in(), make_session(event=event, capacity=1)
    held = post(f"/sessions/{seat.key}/registrations", client).json()

    answer = wait(event, client, full[1])

    rows = {one["session"]["id"]: one for one in answer.json()["items"]}
    assert (rows[str(seat.key)]["status"], rows[str(seat.key)]["replaces"]) == ("CONFIRMED", None)
    assert (rows[str(full[1].key)]["status"], rows[str(full[1].key)]["replaces"]) == ("WAITLISTED", held["id"])
    assert rows[str(full[1].key)]["session"]["why_not"] == "already-registered"


def test_wait_for_the_same_date_twice_is_once(event, full):
    answer = wait(event, signed_in(), full[0], full[0])

    assert said(answer) == [(str(full[0].key), "WAITLISTED", 2)]


def test_wait_for_a_discreet_event_tells_no_place():
    session = make_session(event=make_event(is_discreet=True), capacity=1)
    fill(session, 3)

    answer = wait(session.event, signed_in(), session)

    assert said(answer) == [(str(session.key), "WAITLISTED", None)]
    assert answer.json()["items"][0]["session"]["waiting"] is None


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"opens_at": NOW + timedelta(seconds=1)}, "not-open-yet"),
        ({"closes_at": NOW}, "closed"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"audiences": ("STUDENT",)}, "not-eligible"),
    ],
)
def test_wait_is_refused_with_a_code_and_nothing_changed(event, full, overrides, code):
    session, client = make_session(event=event, **overrides), signed_in()
    wait(event, client, full[0])
    before = state()

    answer = wait(event, client, full[1], session)

    assert refusal(answer) == (409, code)
    assert state() == before


def test_wait_for_what_is_hidden_and_for_what_is_not_there_are_refused_alike(event, full):
    hidden = make_session(event=event, is_unlisted=True, closes_at=NOW)
    draft, elsewhere = make_session(event=make_event(status="DRAFT")), make_session()
    client = signed_in()
    before = state()
    keys = [hidden.key, draft.key, elsewhere.key, uuid.uuid4()]

    answers = [post(f"/events/{event.slug}/waiting", client, {"sessions": [str(key)]}) for key in keys]

    assert {refusal(answer) for answer in answers} == {(409, "another-slot")}
    assert len({answer.content for answer in answers}) == 1
    assert state() == before


def test_wait_for_any_where_all_is_hidden_is_as_where_nothing_is(event):
    make_session(event=event, is_unlisted=True, opens_at=NOW + timedelta(days=1))
    bare, client = make_event(), signed_in()

    answers = [post(f"/events/{slug}/waiting", client, {"any": True}) for slug in (event.slug, bare.slug)]

    assert [refusal(answer) for answer in answers] == [(409, "closed")] * 2
    assert not Registration.objects.exists()


def test_wait_with_a_link_to_an_unlisted_date_is_possible(event):
    hidden, person = make_session(event=event, is_unlisted=True, capacity=0), make_person()
    AccessLink.objects.create(session=hidden, address=person.email, created_at=NOW, expires_at=NOW + timedelta(days=1))

    answer = wait(event, signed_in(person), hidden)

    assert said(answer) == [(str(hidden.key), "WAITLISTED", 1)]


@pytest.mark.parametrize("body", [{"any": True}, {"sessions": []}])
@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED", None])
def test_wait_for_an_event_that_is_not_there_finds_nothing(status, body):
    slug = make_session(event=make_event(status=status)).event.slug if status else "nothing"

    answer = post(f"/events/{slug}/waiting", signed_in(), body)

    assert refusal(answer) == (404, "not-found")
    assert not Registration.objects.exists()


def test_wait_before_the_introduction_is_refused(event, full):
    client = signed_in(make_person(name="", unit=None, audience=""))
    Session.objects.filter(pk=full[0].pk).update(audiences=("STUDENT",))
    before = state()

    assert refusal(wait(event, client, full[0])) == (409, "not-introduced")
    assert Registration.objects.count() == 6
    assert state()[1] == before[1]


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], None, {"any": False}, {"any": 1}, {"any": None}, {"any": True, "sessions": []}),
        *({"sessions": None}, {"sessions": "x"}, {"sessions": ["x"]}, {"sessions": [None]}, {"session": []}),
        *({"first": False}, {"first": True, "any": True}, {"any": True, "language": "de"}, {"language": "en"}),
        *({"sessions": [], "language": "en"}, {"any": True, "language": ""}),
        *({"sessions": [], "more": 1}, {"sessions": ["6a9b1f5e-6f6e-4b53-9b8a-0a2f0f5c8a11"] * 201}),
    ],
)
def test_wait_with_a_body_of_another_shape_is_refused(event, full, body):
    client = signed_in()
    before = state()

    answer = post(f"/events/{event.slug}/waiting", client, body)

    assert refusal(answer) == (422, "invalid")
    assert {error["location"] for error in answer.json()["errors"]} == {"body"}
    assert state() == before


@pytest.mark.parametrize("body", ["{", "\x00", b"\xff"])
def test_wait_with_a_body_that_is_no_json_is_refused(event, body):
    assert refusal(post(f"/events/{event.slug}/waiting", signed_in(), body)) == (400, "bad-request")


def test_wait_without_signing_in_is_refused(event, full):
    before = state()

    assert refusal(wait(event, None, full[0])) == (401, "signed-out")
    assert state() == before


def test_wait_without_a_token_is_refused(event, full):
    client = signed_in(enforce_csrf_checks=True)
    before = state()

    assert refusal(wait(event, client, full[0])) == (403, "csrf-failed")
    assert state() == before


@pytest.mark.parametrize(("size", "statements"), [(1, 20), (30, 20)])
def test_wait_costs_the_same_however_many_dates(event, size, statements, django_assert_num_queries):
    sessions = [make_session(event=event, capacity=0) for _ in range(size)]
    client = signed_in()
    booking.sign_up(session_key=sessions[0].key, attendee=make_person(), now=NOW)

    with django_assert_num_queries(statements):
        answer = wait(event, client, *sessions)

    assert answer.json()["count"] == size
