"""Choosing a session in each round of a conference, through the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from events.models import Round, Session
from registrations.enums import Status
from registrations.models import Registration
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.api_clients import get, post, refusal, signed_in
from tests.registrations.support.screens import fill, state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def event():
    return make_event(kind="CONFERENCE", seat_scope="ROUND")


@pytest.fixture
def rounds(event):
    """Two rounds of two parallel sessions."""
    return [_make_round(event, number) for number in (1, 2)]


def _make_round(event, number):
    round_ = Round.objects.create(event=event, number=number, title_en=f"Round {number}", title_nl=f"Ronde {number}")
    for _ in range(2):
        make_session(event=event, round=round_, starts_at=NOW + timedelta(days=10, hours=2 * number))
    return round_


def session_of(round_, place=0):
    return round_.sessions.order_by("pk")[place]


def choose(event, client, choices):
    body = {"choices": {str(round_): str(session) if session else None for round_, session in choices.items()}}
    return post(f"/events/{event.slug}/choices", client, body)


def said(answer):
    assert answer.status_code == 200
    assert answer.json()["count"] == len(answer.json()["items"])
    return [
        (one["round"], one["refusal"], one["registration"] and one["registration"]["session"]["id"])
        for one in answer.json()["items"]
    ]


def states_of(person):
    active = Registration.objects.active().of(person).order_by("session__starts_at")
    return [(claim.session_id, claim.status) for claim in active]


def test_choose_gives_a_seat_in_each_round(event, rounds):
    person = make_person()
    chosen = [session_of(rounds[1]), session_of(rounds[0])]

    answer = choose(event, signed_in(person), {rounds[1].key: chosen[0].key, rounds[0].key: chosen[1].key})

    assert said(answer) == [
        (str(rounds[0].key), None, str(chosen[1].key)),
        (str(rounds[1].key), None, str(chosen[0].key)),
    ]
    facts = answer.json()["items"][0]["registration"]
    assert (facts["status"], facts["session"]["round"]) == (
        "CONFIRMED",
        {"id": str(rounds[0].key), "number": 1, "title": "Round 1"},
    )
    assert states_of(person) == [(chosen[1].pk, Status.CONFIRMED), (chosen[0].pk, Status.CONFIRMED)]


def test_choose_again_changes_nothing(event, rounds):
    client, choices = signed_in(), {round_.key: session_of(round_).key for round_ in rounds}
    first = choose(event, client, choices)
    before = state()

    second = choose(event, client, choices)

    assert first.json() == second.json()
    assert state() == before


def test_choose_another_moves_the_seat_and_leaves_other_rounds_alone(event, rounds):
    person = make_person()
    client = signed_in(person)
    choose(event, client, {round_.key: session_of(round_).key for round_ in rounds})

    answer = choose(event, client, {rounds[0].key: session_of(rounds[0], 1).key})

    assert said(answer) == [(str(rounds[0].key), None, str(session_of(rounds[0], 1).key))]
    assert states_of(person) == [
        (session_of(rounds[0], 1).pk, Status.CONFIRMED),
        (session_of(rounds[1]).pk, Status.CONFIRMED),
    ]


def test_choose_none_gives_the_seat_back(event, rounds):
    person = make_person()
    client = signed_in(person)
    choose(event, client, {rounds[0].key: session_of(rounds[0]).key})

    answer = choose(event, client, {rounds[0].key: None})

    assert said(answer) == [(str(rounds[0].key), None, None)]
    assert states_of(person) == []


def test_choose_a_full_session_waits_there(event, rounds):
    full = session_of(rounds[0])
    fill(full, 3)

    answer = choose(event, signed_in(), {rounds[0].key: full.key})

    facts = answer.json()["items"][0]["registration"]
    assert (facts["status"], facts["place"]) == ("WAITLISTED", 2)


def test_refusal_in_one_round_leaves_the_others_alone(event, rounds):
    person = make_person()
    shut = make_session(event=event, round=rounds[0], closes_at=NOW)

    answer = choose(event, signed_in(person), {rounds[0].key: shut.key, rounds[1].key: session_of(rounds[1]).key})

    assert said(answer) == [
        (str(rounds[0].key), "closed", None),
        (str(rounds[1].key), None, str(session_of(rounds[1]).key)),
    ]
    assert states_of(person) == [(session_of(rounds[1]).pk, Status.CONFIRMED)]


def test_choose_of_what_does_not_belong_there_is_refused_alike(event, rounds):
    person = make_person()
    client = signed_in(person)
    choose(event, client, {rounds[1].key: session_of(rounds[1]).key})
    before = state()
    hidden = make_session(event=event, round=rounds[0], is_unlisted=True, opens_at=NOW + timedelta(days=1))
    wrong = [hidden.key, session_of(rounds[1], 1).key, make_session().key, uuid.uuid4()]

    answers = [choose(event, client, {rounds[0].key: key}) for key in wrong]

    assert {tuple(said(answer)) for answer in answers} == {((str(rounds[0].key), "another-slot", None),)}
    assert state()[1:] == before[1:]


def test_round_of_another_event_is_refused(event, rounds):
    theirs = _make_round(make_event(kind="CONFERENCE", seat_scope="ROUND"), 1)
    client = signed_in()
    before = state()

    answer = choose(event, client, {theirs.key: session_of(theirs).key})

    assert said(answer) == [(str(theirs.key), "another-slot", None)]
    assert state() == before


def test_choose_nothing_at_all_answers_with_nothing(event, rounds):
    assert said(choose(event, signed_in(), {})) == []


def test_choose_before_the_introduction_is_refused(event, rounds):
    client = signed_in(make_person(name="", unit=None, audience=""))
    Session.objects.filter(pk=session_of(rounds[0]).pk).update(audiences=("STUDENT",))

    answer = choose(event, client, {rounds[0].key: session_of(rounds[0]).key})

    assert said(answer) == [(str(rounds[0].key), "not-introduced", None)]
    assert not Registration.objects.exists()


@pytest.mark.parametrize("slug", ["nothing", "draft"])
def test_choose_in_an_event_that_is_not_there_finds_nothing(slug):
    draft = make_event(status="DRAFT", slug="draft", seat_scope="ROUND")
    round_ = _make_round(draft, 1)

    answer = post(f"/events/{slug}/choices", signed_in(), {"choices": {str(round_.key): str(session_of(round_).key)}})

    assert refusal(answer) == (404, "not-found")
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], None, {"choices": None}, {"choices": []}, {"choices": {"x": None}}, {"choices": {}, "more": 1}),
        *({"choices": {"6a9b1f5e-6f6e-4b53-9b8a-0a2f0f5c8a11": value}} for value in ("x", 1, True, "")),
    ],
)
def test_choose_with_a_body_of_another_shape_is_refused(event, body):
    assert refusal(post(f"/events/{event.slug}/choices", signed_in(), body)) == (422, "invalid")


def test_choose_with_a_body_that_is_no_json_is_refused(event):
    assert refusal(post(f"/events/{event.slug}/choices", signed_in(), "{")) == (400, "bad-request")


def test_choose_needs_signing_in_and_a_token(event, rounds):
    choices, tokenless = {rounds[0].key: session_of(rounds[0]).key}, signed_in(enforce_csrf_checks=True)

    assert refusal(choose(event, None, choices)) == (401, "signed-out")
    assert refusal(choose(event, tokenless, choices)) == (403, "csrf-failed")
    assert not Registration.objects.exists()


@pytest.mark.parametrize("size", [1, 30])
def test_choices_that_change_nothing_cost_the_same_however_many(event, size, django_assert_num_queries):
    rounds = [_make_round(event, number) for number in range(size)]
    client, choices = signed_in(), {round_.key: session_of(round_).key for round_ in rounds}
    choose(event, client, choices)

    with django_assert_num_queries(16):
        answer = choose(event, client, choices)

    assert answer.json()["count"] == size


@pytest.mark.parametrize("size", [1, 30])
def test_conference_costs_the_same_to_read_however_many_rounds(event, size, django_assert_num_queries):
    for number in range(size):
        _make_round(event, number)
    client = signed_in()

    with django_assert_num_queries(7):
        answer = get(f"/events/{event.slug}", client)

    said_rounds = answer.json()["rounds"]
    assert [one["number"] for one in said_rounds] == list(range(size))
    assert {one["round"]["id"] for one in answer.json()["sessions"]} == {one["id"] for one in said_rounds}
