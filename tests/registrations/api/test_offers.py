"""Accepting and declining an offered seat, and moving a seat to another date, through the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine

from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking, colleagues
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.api_clients import API, get, post, refusal, signed_in
from tests.registrations.support.screens import fill, state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def offered():
    """Two days before the start, when a seat that comes free is offered to the next person."""
    session = make_session(capacity=1, starts_at=NOW + timedelta(days=2))
    seat, waiting = fill(session, 2)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    waiting.refresh_from_db()
    assert waiting.status == Status.OFFERED
    return waiting


@pytest.fixture
def held():
    """A seat on one date of an event, two weeks ahead."""
    return booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)


def answer_offer(registration, verb, client=None):
    return post(f"/my/registrations/{registration.key}/{verb}", client or signed_in(registration.attendee))


def swap(registration, session, client=None):
    body = {"session": str(getattr(session, "key", session))}
    return post(f"/my/registrations/{registration.key}/swap", client or signed_in(registration.attendee), body)


def test_offer_says_until_when_it_holds(offered):
    said = get(f"/my/registrations/{offered.key}", signed_in(offered.attendee)).json()

    assert (said["status"], said["offer_expires_at"]) == ("OFFERED", "2026-03-03T10:00:00+01:00")


def test_accept_gives_the_seat_and_twice_is_once(offered):
    first = answer_offer(offered, "accept")
    before = state()
    second = answer_offer(offered, "accept")

    assert (first.status_code, first.json()["status"], first.json()["offer_expires_at"]) == (200, "CONFIRMED", None)
    assert (second.status_code, second.json()) == (200, first.json())
    assert state()[:3] == before[:3]


def test_decline_takes_the_date_off_the_list_and_twice_is_once(offered):
    first = answer_offer(offered, "decline")
    before = state()
    second = answer_offer(offered, "decline")

    assert (first.status_code, first.json()["status"]) == (200, "CANCELLED")
    assert (second.status_code, second.json()) == (200, first.json())
    assert state()[:3] == before[:3]


def test_accept_after_the_time_to_answer_is_refused(offered):
    client = signed_in(offered.attendee)

    with time_machine.travel(offered.offer_expires_at, tick=False):
        answer = answer_offer(offered, "accept", client)

    offered.refresh_from_db()
    assert refusal(answer) == (409, "expired")
    assert offered.status != Status.CONFIRMED


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_answer_where_nothing_is_offered_is_refused(verb):
    _, waiting = fill(make_session(capacity=1), 2)
    client = signed_in(waiting.attendee)
    before = state()

    assert refusal(answer_offer(waiting, verb, client)) == (409, "expired")
    assert state() == before


def test_decline_of_a_seat_that_was_accepted_is_refused(offered):
    answer_offer(offered, "accept")

    assert refusal(answer_offer(offered, "decline")) == (409, "expired")
    assert Registration.objects.get(pk=offered.pk).status == Status.CONFIRMED


def test_colleague_says_first_who_they_are():
    session, inviter = make_session(audiences=("STAFF",)), make_person()
    booking.sign_up(session_key=session.key, attendee=inviter, now=NOW)
    colleagues.invite(session_key=session.key, address="new@demo.example", inviter=inviter, now=NOW)
    invited = Registration.objects.get(status=Status.OFFERED)
    client = signed_in(invited.attendee)

    answer = answer_offer(invited, "accept", client)

    invited.refresh_from_db()
    assert refusal(answer) == (409, "not-introduced")
    assert invited.status == Status.OFFERED


def test_swap_to_a_free_seat_moves_at_once(held):
    other = make_session(event=held.session.event)

    first = swap(held, other)
    before = state()
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        second = swap(held, other)

    held.refresh_from_db()
    assert (first.status_code, first.json()["status"], first.json()["session"]["id"]) == (
        *(201, "CONFIRMED"),
        str(other.key),
    )
    assert (second.status_code, second.json()) == (200, first.json())
    assert held.status == Status.CANCELLED
    assert state()[:3] == before[:3]


def test_swap_to_a_full_date_keeps_the_seat_until_its_turn(held):
    other = make_session(event=held.session.event, capacity=1)
    fill(other, 1)

    first = swap(held, other)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        second = swap(held, other)

    held.refresh_from_db()
    said = first.json()
    assert (first.status_code, said["status"], said["place"], said["replaces"]) == (201, "WAITLISTED", 1, str(held.key))
    assert (second.status_code, second.json()) == (200, said)
    assert held.status == Status.CONFIRMED


def test_wish_that_ended_replaces_nothing(held):
    other = make_session(event=held.session.event, capacity=1)
    fill(other, 1)
    client = signed_in(held.attendee)
    wish = swap(held, other, client).json()

    answer = client.delete(f"{API}/my/registrations/{wish['id']}")

    assert (answer.json()["status"], answer.json()["replaces"]) == ("CANCELLED", None)


def test_two_people_who_want_each_others_seat_are_exchanged(held):
    other = make_session(event=held.session.event, capacity=1)
    fill(held.session, 1)
    theirs = fill(other, 1)[0]
    swap(theirs, held.session)

    answer = swap(held, other)

    held.refresh_from_db()
    assert (answer.status_code, answer.json()["status"], answer.json()["replaces"]) == (201, "CONFIRMED", None)
    assert held.status == Status.CANCELLED


def test_swap_to_another_event_is_refused(held):
    elsewhere, client = make_session(), signed_in(held.attendee)
    before = state()

    assert refusal(swap(held, elsewhere, client)) == (409, "another-slot")
    assert state() == before


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"status": "CANCELLED"}, "cancelled"),
        ({"closes_at": NOW}, "closed"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"audiences": ("STUDENT",)}, "not-eligible"),
    ],
)
def test_swap_is_refused_as_signing_up_is(held, overrides, code):
    other, client = make_session(event=held.session.event, **overrides), signed_in(held.attendee)
    before = state()

    assert refusal(swap(held, other, client)) == (409, code)
    assert state() == before


def test_swap_of_a_seat_given_back_is_refused(held):
    other, client = make_session(event=held.session.event), signed_in(held.attendee)
    booking.cancel(registration_key=held.key, actor=held.attendee, now=NOW)
    before = state()

    assert swap(held, other, client).status_code == 409
    assert state() == before


def test_swap_to_what_is_hidden_and_to_what_is_not_there_finds_nothing(held):
    hidden = make_session(event=held.session.event, is_unlisted=True)
    far, draft = make_session(is_unlisted=True), make_session(event=make_event(status="DRAFT"))
    client = signed_in(held.attendee)
    before = state()

    answers = [swap(held, session, client) for session in (hidden, far, draft, uuid.uuid4())]

    assert {refusal(answer) for answer in answers} == {(404, "not-found")}
    assert len({answer.content for answer in answers}) == 1
    assert state() == before


@pytest.mark.parametrize(
    "body", [{}, None, {"session": None}, {"session": "x"}, {"session": str(uuid.uuid4()), "a": 1}]
)
def test_swap_with_a_body_of_another_shape_is_refused(held, body):
    answer = post(f"/my/registrations/{held.key}/swap", signed_in(held.attendee), body)

    assert refusal(answer) == (422, "invalid")


def test_swap_with_a_body_that_is_no_json_is_refused(held):
    answer = post(f"/my/registrations/{held.key}/swap", signed_in(held.attendee), "{")

    assert refusal(answer) == (400, "bad-request")


@pytest.mark.parametrize("verb", ["accept", "decline", "swap"])
def test_verbs_leave_the_registration_of_another_alone(offered, verb):
    body = {"session": str(make_session(event=offered.session.event).key)}
    client = signed_in()
    before = state()

    for key in (offered.key, uuid.uuid4()):
        assert refusal(post(f"/my/registrations/{key}/{verb}", client, body)) == (404, "not-found")
    assert state() == before


@pytest.mark.parametrize("verb", ["accept", "decline", "swap"])
def test_verbs_need_signing_in_and_a_token(offered, verb):
    body = {"session": str(make_session(event=offered.session.event).key)}
    tokenless = signed_in(offered.attendee, enforce_csrf_checks=True)
    before = state()

    assert refusal(post(f"/my/registrations/{offered.key}/{verb}", None, body)) == (401, "signed-out")
    assert refusal(post(f"/my/registrations/{offered.key}/{verb}", tokenless, body)) == (403, "csrf-failed")
    assert state() == before


def test_a_swap_is_undone_once_and_twice_is_once(held):
    other, client = make_session(event=held.session.event), signed_in(held.attendee)
    moved = swap(held, other, client).json()
    where = f"{API}/my/registrations/{moved['id']}/swap/undo"

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        first = client.post(where)
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        second = client.post(where)

    assert (first.status_code, first.json()["session"]["id"]) == (201, str(held.session.key))
    assert (second.status_code, second.json()) == (200, first.json())


def test_undo_of_a_seat_that_was_not_moved_is_refused(held):
    client, before = signed_in(held.attendee), state()

    assert refusal(client.post(f"{API}/my/registrations/{held.key}/swap/undo")) == (409, "expired")
    assert state() == before
