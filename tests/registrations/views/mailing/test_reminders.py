from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine
from django.urls import reverse

from registrations.emails.links import cancel_link, still_coming_link
from registrations.enums import Status
from registrations.models import Registration, RegistrationLog
from tests.factories import make_event
from tests.registrations.support.clocks import sold_out
from tests.registrations.support.reminded import ASKED, START, ask
from tests.registrations.support.screens import state, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """The seat of the person who was asked, with somebody waiting for it."""
    _, seat, _ = sold_out()
    ask()
    with time_machine.travel(ASKED, tick=False):
        yield seat


def link_of(registration):
    return still_coming_link(registration).removeprefix("http://testserver")


def test_opening_the_link_changes_nothing(client, asked):
    before = state()

    page = text_of(client.get(link_of(asked)))

    assert "Are you still coming?" in page
    assert "Yes, I am coming" in page
    assert "Give my seat back" in page
    assert state() == before


def test_yes_is_noted(client, asked):
    page = text_of(client.post(link_of(asked), {"answer": "yes"}, follow=True))

    assert "See you there" in page
    assert "Yes, I am coming" not in page
    assert RegistrationLog.objects.filter(registration=asked, action="STILL_COMING").count() == 1
    assert Registration.objects.get(pk=asked.pk).status == Status.CONFIRMED


def test_giving_it_back_seats_somebody_who_waits(client, asked):
    page = text_of(client.post(link_of(asked), {"answer": "no"}, follow=True))

    assert "You have given your seat back." in page
    assert Registration.objects.get(pk=asked.pk).status == Status.CANCELLED
    assert Registration.objects.filter(session=asked.session, status=Status.CONFIRMED).count() == 1


def test_it_can_be_given_back_after_a_yes(client, asked):
    client.post(link_of(asked), {"answer": "yes"})

    client.post(link_of(asked), {"answer": "no"})

    assert Registration.objects.get(pk=asked.pk).status == Status.CANCELLED


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_after_the_start_there_is_nothing_to_answer(client, asked, answer):
    before = state()

    with time_machine.travel(START, tick=False):
        page = text_of(client.post(link_of(asked), {"answer": answer}))

    assert "This session has begun" in page
    assert state() == before


def test_another_answer_is_not_found(client, asked):
    before = state()

    response = client.post(link_of(asked), {"answer": "perhaps"})

    assert response.status_code == HTTPStatus.NOT_FOUND
    assert state() == before


def test_a_link_for_something_else_is_not_found(client, asked):
    token = cancel_link(asked).rstrip("/").rpartition("/")[2]

    assert client.get(reverse("registrations:still_coming", args=[token])).status_code == HTTPStatus.NOT_FOUND


def test_a_discreet_session_has_no_such_link(client):
    _, seat, _ = sold_out(event=make_event(is_discreet=True))

    assert client.get(link_of(seat)).status_code == HTTPStatus.NOT_FOUND
