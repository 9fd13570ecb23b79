"""Browsers may store no page that shows something about a person, or anything of organisers."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import reduce

import pytest
import time_machine
from django.urls import URLPattern, URLResolver, get_resolver

from project.accounts.enums import RoleKind
from project.accounts.models import Role
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db

PUBLIC = ("/feeds/", "/robots.txt", "/initiatives.csv", "/api/v1/openapi.json")  # the same for everybody
NOT_KEPT = "private, no-store"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def session():
    return make_session(starts_at=NOW + timedelta(days=10))


@pytest.fixture
def insider(client):
    """A client signed in as somebody who may see nearly everything."""
    person = make_person()
    for kind in (RoleKind.ORGANIZER, RoleKind.COORDINATOR, RoleKind.BOARD):
        Role.objects.create(user=person, kind=kind)
    client.force_login(person)
    return person


def addresses(session, registration):
    """Yields every URL of the site, with the objects of this test as its parameters."""
    for route in routes(get_resolver().url_patterns):
        values = {
            "<uuid:key>": str(
                registration.key if route.startswith(("my/", "organise/registrations/")) else session.key
            ),
            "<slug:slug>": session.event.slug,
            "<slug:language>": "en",
            "<slug:kind>": "registration-confirmed",
            "<slug:code>": "training",
            "<uuid:link>": str(uuid.uuid4()),
        }
        path = reduce(lambda text, place: text.replace(place, values[place]), values, route)
        if not set(path) & set("<^("):
            yield f"/{path}"


def routes(patterns, prefix=""):
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


def test_no_page_may_be_stored_for_people_who_are_signed_in(client, session, insider):
    registration = sign_up(session, insider)

    paths = [path for path in addresses(session, registration) if not path.startswith(PUBLIC)]
    answers = [(path, client.get(path)) for path in paths if path != "/accounts/logout/"]

    kept = {path: answer.get("Cache-Control") for path, answer in answers if "no-store" not in answer["Cache-Control"]}
    assert kept == {}
    assert sum(answer.status_code == 200 for _, answer in answers) >= 25


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/organise/", 403), ("/my/00000000-0000-4000-8000-000000000000/", 404)]
)
def test_error_pages_may_not_be_stored(client, path, status):
    client.force_login(make_person())

    response = client.get(path)

    assert response.status_code == status
    assert response["Cache-Control"] == NOT_KEPT


def test_a_server_error_may_not_be_stored(client, session, insider, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("registrations.views.pages.mine.render", None)

    response = client.get("/my/")

    assert response.status_code == 500
    assert "no-store" in response["Cache-Control"]


def test_public_pages_may_be_stored_by_browsers_of_visitors(client, session):
    for path in ("/", session.event.get_absolute_url(), f"/sessions/{session.key}/", "/initiatives/"):
        response = client.get(path)

        assert response["Cache-Control"] == "private, no-cache"
        assert {"Cookie", "Accept-Language"} <= {name.strip() for name in response["Vary"].split(",")}


def test_pages_of_a_discreet_event_may_not_be_stored(client):
    session = make_session(event=make_event(is_discreet=True), starts_at=NOW + timedelta(days=10))

    for path in (session.event.get_absolute_url(), f"/sessions/{session.key}/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_a_page_does_not_tell_that_something_hidden_was_committed(client, session):
    first = client.get("/")
    make_session(event=make_event(is_discreet=True, status="DRAFT"))
    second = client.get("/")

    assert not first.has_header("ETag")
    assert not first.has_header("Last-Modified")
    assert dict(first.headers) == dict(second.headers)
