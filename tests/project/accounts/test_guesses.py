"""Guesses of a code are counted before they are compared, so that sending many at the same time gains nothing."""

from __future__ import annotations

import pytest
from allauth.account.forms import ConfirmLoginCodeForm
from django.conf import settings
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from project.accounts.services import guesses
from project.outbox.models import Message
from tests.factories import make_person
from tests.registrations.support.races import at_once

CONFIRM = "account_confirm_login_code"
MOST = settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS


def asked_for_a_code():
    browser, person = Client(), make_person()
    browser.post(reverse("account_login"), {"email": person.email})
    return browser, Message.objects.get(recipient=person).facts["code"]


def copies(browser, number):
    """Yields copies of a browser, one for each thread."""
    made = [Client() for _ in range(number)]
    for copy in made:
        copy.cookies = browser.cookies.copy()
    return made


def compared(monkeypatch, browser, number=12):
    """Returns how many of `number` parallel guesses were compared with the code."""
    seen = []
    compare = ConfirmLoginCodeForm.clean_code

    def watched(form):
        seen.append(1)
        return compare(form)

    monkeypatch.setattr(ConfirmLoginCodeForm, "clean_code", watched)
    at_once(*(lambda one=one: one.post(reverse(CONFIRM), {"code": "wrong1"}) for one in copies(browser, number)))
    return len(seen)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_never_exceed_the_limit(monkeypatch):
    browser, _code = asked_for_a_code()

    assert compared(monkeypatch, browser) <= MOST


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_exceed_the_limit_without_the_count(monkeypatch):
    browser, _code = asked_for_a_code()
    monkeypatch.setattr(guesses, "count", lambda mailed, **_where: True)

    assert compared(monkeypatch, browser) > MOST


@pytest.mark.django_db
def test_one_network_cannot_guess_on_with_more_browsers():
    """The tenth mail is the last; after it every browser shares its code."""
    person = make_person()
    for _ in range(11):
        browser = Client()
        browser.post(reverse("account_login"), {"email": person.email})
        for _ in range(MOST):
            browser.post(reverse(CONFIRM), {"code": "00000000"})
    last, elsewhere = Client(), Client(REMOTE_ADDR="198.51.100.7")
    code = Message.objects.filter(recipient=person).latest("pk").facts["code"]

    answers = []
    for browser in (last, elsewhere):
        browser.post(reverse("account_login"), {"email": person.email})
        answers.append(browser.post(reverse(CONFIRM), {"code": code}).status_code)

    assert answers == [200, 302]


@pytest.mark.django_db
def test_a_code_has_eight_digits_and_may_be_typed_in_groups():
    browser, code = asked_for_a_code()

    answer = browser.post(reverse(CONFIRM), {"code": f" {code[:4]}-{code[4:6]} {code[6:]} "})

    assert (len(code), code.isdecimal()) == (8, True)
    assert answer.status_code == 302


@pytest.mark.django_db
def test_a_wrong_code_is_logged_without_the_code(client):
    browser, code = asked_for_a_code()

    with capture_logs() as logs:
        browser.post(reverse(CONFIRM), {"code": "wrong1"})

    assert [entry["event"] for entry in logs] == ["code_refused"]
    assert "wrong1" not in str(logs)
    assert browser.post(reverse(CONFIRM), {"code": code}).status_code == 302
