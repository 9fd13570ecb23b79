"""Refused requests are logged, without any person, address or key."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from project.accounts.enums import RoleKind
from tests.factories import give_role, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_session()


@pytest.fixture
def person(client):
    stranger = give_role(make_person(name="Ann Stranger"), RoleKind.ORGANIZER, unit=make_unit("tpm"))
    client.force_login(stranger)
    return stranger


def lines(logs):
    return [(entry["event"], entry.get("page") or entry.get("made_for")) for entry in logs]


def test_refused_access_is_logged(client, session, person):
    with capture_logs() as logs:
        client.get(reverse("registrations:organize_session", args=[session.key]))

    assert lines(logs) == [("access_refused", "registrations:organize_session")]
    said = json.dumps(logs)
    assert not any(secret in said for secret in (str(person.key), person.name, person.email, str(session.key)))


def test_a_404_for_a_hidden_object_is_logged(client, session, person):
    with capture_logs() as logs:
        client.get(reverse("registrations:my_registration", args=[session.key]))

    assert lines(logs) == [("nothing_there", "registrations:my_registration")]


def test_a_forged_request_is_logged(session, person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)

    with capture_logs() as logs:
        browser.post(reverse("registrations:sign_up", args=[session.key]))

    assert ("access_refused", "registrations:sign_up") in lines(logs)


@pytest.mark.parametrize("page", ["offer_link", "still_coming", "keep_link", "cancel_link", "interest_link"])
def test_a_forged_link_is_logged_without_the_link(client, page):
    with capture_logs() as logs:
        client.get(reverse(f"registrations:{page}", args=["0123abcd:forged"]))

    assert "token_refused" in {entry["event"] for entry in logs}
    assert "0123abcd" not in json.dumps(logs)


def test_a_wrong_feed_secret_is_logged_without_the_secret(client):
    with capture_logs() as logs:
        client.get(reverse("registrations:feed_mine", args=["guessed"]))

    assert ("token_refused", "feed") in lines(logs)
    assert "guessed" not in json.dumps(logs)


def test_the_api_logs_requests_of_people_who_are_signed_out(client):
    with capture_logs() as logs:
        client.get("/api/v1/me/registrations")

    assert {entry["event"] for entry in logs} <= {"sign_in_refused", "nothing_there"}
    assert logs


def test_an_unknown_address_is_not_logged(client):
    with capture_logs() as logs:
        client.get("/wp-login.php")

    assert logs == []
