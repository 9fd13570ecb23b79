"""Asking a colleague along, through the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine

from project.accounts.models import User
from registrations.enums import Source, Status
from registrations.models import Registration
from registrations.services.attending import booking, colleagues, offers
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.api_clients import API, get, post, refusal, signed_in
from tests.registrations.support.screens import fill, state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def inviter():
    return make_person()


@pytest.fixture
def session(inviter):
    """Ten seats, of which the inviter has one."""
    session = make_session(capacity=10)
    booking.sign_up(session_key=session.key, attendee=inviter, now=NOW)
    return session


def invite(session, client, address="colleague@demo.example"):
    return post(f"/sessions/{getattr(session, 'key', session)}/colleagues", client, {"address": address})


def test_invite_holds_a_seat_for_the_colleague(session, inviter):
    answer = invite(session, signed_in(inviter))

    invited = Registration.objects.get(source=Source.COLLEAGUE)
    assert (answer.status_code, answer.json()) == (
        202,
        {"answer_within_hours": 24, "answer_until": "2026-03-04T09:00:00Z"},
    )
    assert (invited.status, invited.attendee.email) == (Status.OFFERED, "colleague@demo.example")
    assert (invited.invited_by, invited.offer_expires_at) == (inviter, NOW + timedelta(hours=48))


def test_invite_of_somebody_who_has_a_seat_answers_the_same(session, inviter):
    seated, client = fill(session, 1)[0].attendee, signed_in(inviter)

    answers = [invite(session, client, address) for address in (seated.email.upper(), seated.email)]
    answers += [invite(session, client), invite(session, client)]

    assert {(answer.status_code, answer.content, tuple(sorted(answer.headers))) for answer in answers} == {
        (202, answers[0].content, tuple(sorted(answers[0].headers)))
    }
    assert Registration.objects.filter(source=Source.COLLEAGUE, status=Status.OFFERED).count() == 2


def test_invite_of_oneself_is_refused(session, inviter):
    client, before = signed_in(inviter), state()

    assert refusal(invite(session, client, inviter.email.upper())) == (409, "yourself")
    assert state() == before


def test_invite_without_a_seat_is_refused(session):
    client = signed_in()
    before = state()

    assert refusal(invite(session, client)) == (409, "no-seat-yourself")
    assert state() == before


def test_invite_while_people_wait_is_refused(inviter):
    session = make_session(capacity=1)
    booking.sign_up(session_key=session.key, attendee=inviter, now=NOW)
    fill(session, 1)
    client = signed_in(inviter)
    before = state()

    assert refusal(invite(session, client)) == (409, "someone-waits")
    assert state() == before


def test_invite_without_a_free_seat_is_refused(inviter):
    session = make_session(capacity=1)
    booking.sign_up(session_key=session.key, attendee=inviter, now=NOW)
    client = signed_in(inviter)
    before = state()

    assert refusal(invite(session, client)) == (409, "full")
    assert state() == before


@pytest.mark.parametrize(("hours", "code"), [(28, "too-late"), (0, "started")])
def test_invite_close_to_the_start_is_refused(session, inviter, hours, code):
    client = signed_in(inviter)

    with time_machine.travel(session.starts_at - timedelta(hours=hours), tick=False):
        client.force_login(inviter)
        answer = invite(session, client)

    assert refusal(answer) == (409, code)
    assert not Registration.objects.filter(source=Source.COLLEAGUE).exists()


def test_fourth_open_invitation_is_refused(session, inviter):
    client = signed_in(inviter)
    for number in range(3):
        colleagues.invite(session_key=session.key, address=f"c{number}@demo.example", inviter=inviter, now=NOW)
    before = state()

    assert refusal(invite(session, client)) == (409, "too-many")
    assert state() == before


def test_invite_to_a_discreet_session_is_refused(inviter):
    session = make_session(event=make_event(is_discreet=True))
    booking.sign_up(session_key=session.key, attendee=inviter, now=NOW)
    client = signed_in(inviter)
    before = state()

    assert refusal(invite(session, client)) == (409, "discreet")
    assert state() == before


def test_invite_to_what_is_hidden_and_to_what_is_not_there_finds_nothing(inviter):
    hidden = make_session(is_unlisted=True, event=make_event(is_discreet=True))
    draft = make_session(event=make_event(status="DRAFT"))
    client = signed_in(inviter)
    before = state()

    answers = [invite(session, client) for session in (hidden, draft, uuid.uuid4())]

    assert {refusal(answer) for answer in answers} == {(404, "not-found")}
    assert len({answer.content for answer in answers}) == 1
    assert state() == before


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "x",
            "@",
            "a@b",
            "a b@demo.example",
            "a@demo.example\n",
            "a@demo.example, b@demo.example",
            "a\x00@b.example",
        ),
        *(".a@b.example", "a..b@b.example", "a@-b.example", '"a"@b.example', "Ann <a@b.example>", "a@[127.0.0.1]"),
        *(None, 1, [], {}, f"{'a.' * 150}a@demo.example", "a@démo.example", "a\u202e@demo.example"),
    ],
)
def test_invite_of_what_is_no_address_is_refused_and_not_repeated(session, inviter, address):
    client = signed_in(inviter)
    before = state()

    answer = invite(session, client, address)

    assert refusal(answer) == (422, "invalid")
    assert not isinstance(address, str) or len(address) < 3 or address not in answer.content.decode()
    assert state() == before


@pytest.mark.parametrize("body", [{}, None, [], {"address": "a@demo.example", "session": "x"}])
def test_invite_with_a_body_of_another_shape_is_refused(session, inviter, body):
    assert refusal(post(f"/sessions/{session.key}/colleagues", signed_in(inviter), body)) == (422, "invalid")


def test_invite_with_a_body_that_is_no_json_is_refused(session, inviter):
    assert refusal(post(f"/sessions/{session.key}/colleagues", signed_in(inviter), "{")) == (400, "bad-request")


def test_invite_needs_signing_in_and_a_token(session, inviter):
    tokenless = signed_in(inviter, enforce_csrf_checks=True)

    assert refusal(invite(session, None)) == (401, "signed-out")
    assert refusal(invite(session, tokenless)) == (403, "csrf-failed")
    assert not User.objects.filter(email="colleague@demo.example").exists()


@pytest.mark.parametrize("address", ["a.b+c@ox.ac.uk", "o'neill@demo.example", "x@xn--bcher-kva.example"])
def test_invite_takes_what_the_forms_of_the_site_take(session, inviter, address):
    assert invite(session, signed_in(inviter), address).status_code == 202


@pytest.mark.parametrize(("others", "statements"), [(0, 18), (6, 18)])
def test_invite_costs_the_same_however_many_come(session, inviter, others, statements, django_assert_num_queries):
    fill(session, others)
    client = signed_in(inviter)

    with django_assert_num_queries(statements):
        invite(session, client)


def test_open_invitations_are_listed_and_withdrawn(session, inviter):
    client = signed_in(inviter)
    told = invite(session, client).json()

    listed = get("/my/invitations", client).json()

    [one] = listed["items"]
    assert (listed["count"], one["session"], one["address"]) == (1, str(session.key), "colleague@demo.example")
    assert one["answer_until"] == told["answer_until"]
    for _ in range(2):
        assert client.delete(f"{API}/my/invitations/{one['id']}").status_code == 204
    assert get("/my/invitations", client).json() == {"items": [], "count": 0}


def test_withdraw_what_was_answered_is_refused(session, inviter):
    client = signed_in(inviter)
    invite(session, client)
    invited = Registration.objects.get(source=Source.COLLEAGUE)
    offers.accept_offer(registration_key=invited.key, actor=invited.attendee, now=NOW)

    assert refusal(client.delete(f"{API}/my/invitations/{invited.key}")) == (409, "invitation-over")


def test_an_invitation_of_somebody_else_is_not_found(session, inviter):
    invite(session, signed_in(inviter))
    invited = Registration.objects.get(source=Source.COLLEAGUE)

    answers = [signed_in(other).delete(f"{API}/my/invitations/{invited.key}") for other in (None, invited.attendee)]

    assert [refusal(answer)[0] for answer in answers] == [404, 404]
