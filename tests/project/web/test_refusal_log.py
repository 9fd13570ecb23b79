"""What was refused leaves a line in the log, which names no person, no address and no key."""

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


def test_refused_access_leaves_a_line(client, session, person):
    with capture_logs() as logs:
        client.get(reverse("registrations:organize_session", args=[session.key]))

    assert lines(logs) == [("access_refused", "registrations:organize_session")]
    said = json.dumps(logs)
    assert not any(secret in said for secret in (str(person.key), person.name, person.email, str(session.key)))


def test_what_somebody_may_not_know_of_leaves_a_line(client, session, person):
    with capture_logs() as logs:
        client.get(reverse("registrations:my_registration", args=[session.key]))

    assert lines(logs) == [("nothing_there", "registrations:my_registration")]


def test_a_forged_request_leaves_a_line(session, person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)

    with capture_logs() as logs:
        browser.post(reverse("registrations:sign_up", args=[session.key]))

    assert ("access_refused", "registrations:sign_up") in lines(logs)


@pytest.mark.parametrize("page", ["offer_link", "still_coming", "keep_link", "cancel_link", "interest_link"])
def test_a_forged_link_leaves_a_line_without_the_link(client, page):
    with capture_logs() as logs:
        client.get(reverse(f"registrations:{page}", args=["0123abcd:forged"]))

    assert "token_refused" in {entry["event"] for entry in logs}
    assert "0123abcd" not in json.dumps(logs)


def test_a_wrong_secret_of_a_feed_leaves_a_line_without_the_secret(client):
    with capture_logs() as logs:
        client.get(reverse("registrations:feed_mine", args=["guessed"]))

    assert ("token_refused", "feed") in lines(logs)
    assert "guessed" not in json.dumps(logs)


def test_the_api_leaves_a_line_for_who_is_signed_out(client):
    with capture_logs() as logs:
        client.get("/api/v1/me/registrations")

    assert {entry["event"] for entry in logs} <= {"sign_in_refused", "nothing_there"}
    assert logs


def test_an_address_that_leads_nowhere_leaves_none(client):
    with capture_logs() as logs:
        client.get("/wp-login.php")

    assert logs == []
