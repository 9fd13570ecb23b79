"""Limits of sign-in codes let many people behind one address in, lock nobody out, and work without Redis."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from project.accounts.models import User
from project.accounts.services import sign_ins
from project.outbox.models import Message
from project.web.rate_limits import Limit
from tests.factories import NOW, make_people, make_person

pytestmark = pytest.mark.django_db

LOGIN, CONFIRM = "/accounts/login/", "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def _browser():
    """Returns a browser that has opened the page, as it must before it sends the form."""
    client = Client()
    client.get(LOGIN)
    return client


def _ask(client, address):
    return client.post(LOGIN, {"email": address})


def _codes(address):
    return list(Message.objects.filter(address=address).order_by("pk").values_list("facts__code", flat=True))


def _signs_in(client, code):
    client.post(CONFIRM, {"code": code})
    return client.get("/my/").status_code == 200


def test_a_lecture_hall_behind_one_address_can_sign_in():
    people = make_people(25)

    answers = [_ask(_browser(), person.email) for person in people]

    assert {answer.status_code for answer in answers} == {302}
    assert Message.objects.filter(kind="sign-in-code").count() == 25


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Many codes are being requested from your network right now."), ("nl", "vanaf jouw netwerk")],
)
def test_a_network_beyond_its_limit_gets_429(language, words, monkeypatch):
    monkeypatch.setattr(sign_ins, "OF_NETWORK", Limit(name="small", most=2, seconds=60))
    people = make_people(3)
    for person in people[:2]:
        _ask(_browser(), person.email)

    refused = Client().post(LOGIN, {"email": people[2].email}, headers={"accept-language": language})

    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "no-store" in refused["Cache-Control"]
    assert words in refused.text
    assert not _codes(people[2].email)
    assert _ask(Client(REMOTE_ADDR="198.51.100.7"), people[2].email).status_code == 302


def _resend(client):
    return client.post(CONFIRM, {"action": "resend"})


def test_a_browser_beyond_its_limit_is_told_to_use_its_code():
    person, client = make_person(), _browser()
    _ask(client, person.email)
    for _ in range(2):
        assert _resend(client).status_code == 302

    refused = _resend(client)

    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "The code of our latest email still works." in refused.text
    assert len(_codes(person.email)) == 3
    assert _signs_in(client, _codes(person.email)[-1])


def test_entering_the_same_address_again_sends_no_mail():
    person, client = make_person(), _browser()

    answers = {_ask(client, person.email).status_code for _ in range(10)}

    assert answers == {302}
    [code] = _codes(person.email)
    assert _signs_in(client, code)


def test_another_address_can_be_entered_while_a_code_is_pending():
    first, second, client = make_person(), make_person(), _browser()
    _ask(client, first.email)

    form = client.get(f"{LOGIN}?other=1")
    assert (form.status_code, client.get(CONFIRM).status_code) == (200, 200)

    _ask(client, second.email)
    assert second.email in client.get(CONFIRM).text
    assert _signs_in(client, _codes(second.email)[0])


def test_requests_of_others_for_my_address_do_not_lock_me_out():
    person = make_person()
    for number in range(60):
        _ask(Client(REMOTE_ADDR=f"198.51.100.{number}"), person.email)
    sent = _codes(person.email)

    mine = _browser()
    answer = _ask(mine, person.email)

    assert answer.status_code == 302
    assert len(_codes(person.email)) == len(sent) == sign_ins.OF_MAILBOX.most
    assert _signs_in(mine, sent[-1])


def test_my_code_works_while_others_request_codes_for_my_address():
    person, mine = make_person(), _browser()
    _ask(mine, person.email)
    [code] = _codes(person.email)
    for number in range(30):
        _ask(Client(REMOTE_ADDR=f"198.51.100.{number}"), person.email)

    assert _signs_in(mine, code)


def test_a_code_shared_by_several_browsers_works_once():
    person = make_person()
    others = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(12)]
    for other in others:
        _ask(other, person.email)
    code, mine = _codes(person.email)[-1], _browser()
    _ask(mine, person.email)

    assert _signs_in(mine, code)
    assert [_signs_in(other, code) for other in others] == [False] * 12


def test_an_unknown_address_is_treated_like_a_known_one():
    known, unknown = make_person().email, "nobody-yet@demo.example"

    answers = {
        address: [_ask(Client(REMOTE_ADDR=f"198.51.100.{number}"), address).status_code for number in range(30)]
        for address in (known, unknown)
    }

    assert answers[known] == answers[unknown] == [302] * 30


def test_many_people_can_sign_in_in_one_browser():
    desk, people = _browser(), make_people(20)

    assert {_ask(desk, person.email).status_code for person in people} == {302}
    assert [len(_codes(person.email)) for person in people] == [1] * 20


def test_sign_in_and_limits_work_without_redis(without_redis):
    person, client = make_person(), _browser()

    answers = [_ask(client, person.email), *[_resend(client) for _ in range(3)]]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429]
    assert _signs_in(client, _codes(person.email)[-1])


def test_a_code_works_after_redis_was_flushed():
    person, client = make_person(), _browser()
    _ask(client, person.email)
    cache.clear()

    assert _signs_in(client, _codes(person.email)[0])
    assert User.objects.get(pk=person.pk).last_login
