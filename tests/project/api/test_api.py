"""The API as a whole: everything that fails is a problem (RFC 9457), and the reference needs no scripts."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import path
from ninja import Schema
from ninja.errors import HttpError

from project.accounts.models import User
from project.api import api, problems
from project.api.authentication import BrowserSession
from project.api.interface import Interface
from project.urls import handler400, handler404, handler500
from project.urls import urlpatterns as of_the_site
from registrations.services.refusals import REFUSALS
from tests.factories import make_person

pytestmark = pytest.mark.django_db

API = "/api/v1"


class Wish(Schema):
    seats: int


def _make_trial() -> Interface:
    """Returns an API for these tests: an operation with a body, and operations that fail."""
    trial = Interface(urls_namespace="trial", auth=BrowserSession())
    problems.answer_with_problems(trial)

    @trial.post("/wish", auth=None)
    def wish(request, wish: Wish) -> int:
        return wish.seats

    @trial.get("/crash", auth=None)
    def crash(request):
        raise ZeroDivisionError

    @trial.get("/missing", auth=None)
    def missing(request):
        return User.objects.get(email="nobody@demo.example").pk

    @trial.get("/fails/{status}", auth=None)
    def fails(request, status: int):
        raise HttpError(status, "Not for readers: demo@demo.example")

    @trial.get("/suspect", auth=None)
    def suspect(request):
        raise SuspiciousOperation

    return trial


urlpatterns = [path("api/trial/", _make_trial().urls), *of_the_site]
__all__ = ["handler400", "handler404", "handler500"]


@pytest.fixture
def trial(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def assert_problem(answer, status, code):
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"http://testserver/api/v1/docs#{code}"
    assert body["title"]
    assert body["detail"]


@pytest.mark.parametrize("tail", ["nothing", "events/a/b", "events/", "sessions/x/y", "%F0%9F%8C%B7", "../x"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_address_is_a_problem(tail, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"{API}/{tail}")

    assert_problem(answer, 404, "not-found")


@pytest.mark.parametrize(
    ("tail", "method", "allowed"),
    [
        ("events", "post", "GET"),
        ("my/registrations", "put", "GET"),
        ("sessions/6a9b1f5e-6f6e-4b53-9b8a-0a2f0f5c8a11/registrations", "get", "POST"),
        ("docs", "post", "GET, HEAD"),
        ("openapi.json", "delete", "GET, HEAD"),
    ],
)
def test_wrong_method_is_a_problem(tail, method, allowed):
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"{API}/{tail}")

    assert_problem(answer, 405, "method-not-allowed")
    assert answer["Allow"] == allowed


@pytest.mark.parametrize("body", ["{", "\x00", '{"seats": 1', b"\xff\xfe"])
def test_a_body_that_is_not_json_is_a_problem(trial, body):
    answer = trial.post("/api/trial/wish", data=body, content_type="application/json")

    assert_problem(answer, 400, "bad-request")


def test_body_with_a_wrong_value_is_a_problem_that_names_it(trial):
    answer = trial.post("/api/trial/wish", data={"seats": "Demo Person"}, content_type="application/json")

    assert_problem(answer, 422, "invalid")
    assert [(error["location"], error["name"]) for error in answer.json()["errors"]] == [("body", "wish.seats")]
    assert "Demo Person" not in answer.content.decode()


def test_a_valid_body_is_accepted(trial):
    answer = trial.post("/api/trial/wish", data={"seats": 2}, content_type="application/json")

    assert (answer.status_code, answer.json()) == (200, 2)


def test_crash_is_a_problem_and_logged(trial, caplog):
    answer = trial.get("/api/trial/crash")

    assert_problem(answer, 500, "unexpected")
    assert [record.exc_info[0] for record in caplog.records if record.name == "django.request"] == [ZeroDivisionError]


def test_a_missing_row_inside_a_verb_is_a_500(trial, caplog):
    answer = trial.get("/api/trial/missing")

    assert_problem(answer, 500, "unexpected")
    assert [record.exc_info[0] for record in caplog.records if record.name == "django.request"] == [User.DoesNotExist]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad-request"),
        (401, "signed-out"),
        (404, "not-found"),
        (405, "method-not-allowed"),
        (415, "bad-request"),
        (418, "bad-request"),
        (422, "invalid"),
        (499, "bad-request"),
        (500, "unexpected"),
        (503, "unexpected"),
        (599, "unexpected"),
    ],
)
def test_error_of_any_status_is_a_problem_of_that_status(trial, status, code):
    answer = trial.get(f"/api/trial/fails/{status}")

    assert_problem(answer, status, code)
    assert "Not for readers" not in answer.text
    assert ("WWW-Authenticate" in answer) == (status == 401)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        ("2026-12-01T10:00:00+01:00", True),
        ("2026-12-01T10:00+0100", True),
        ("2026-12-01T10:00:00%2B01:00", False),
        ("tomorrow+morning", False),
    ],
)
def test_a_plus_decoded_as_a_blank_is_explained(name, value, is_told):
    answer = Client().get(f"{API}/sessions?{name}={value}")

    assert_problem(answer, 422, "invalid")
    [error] = answer.json()["errors"]
    assert (error["location"], error["name"]) == ("query", name)
    assert ("write %2B" in error["detail"]) == is_told


def test_suspicious_request_is_a_problem(trial):
    assert_problem(trial.get("/api/trial/suspect"), 400, "bad-request")


def test_pages_outside_the_api_keep_their_own_errors():
    answer = Client().get("/nothing/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_problem_is_in_the_language_asked_for():
    answer = Client().get(f"{API}/nothing", headers={"accept-language": "nl"})

    assert answer["Content-Language"] == "nl"


def test_every_refusal_but_the_hidden_one_is_a_kind_of_problem():
    assert REFUSALS.keys() - problems.KINDS.keys() == {"not-published"}


# --- The reference ---------------------------------------------------------------------------------------------------


def operations():
    paths = Client().get(f"{API}/openapi.json").json()["paths"]
    return {f"{method} {where}": operation for where, methods in paths.items() for method, operation in methods.items()}


def test_every_operation_is_described():
    found = operations()

    assert set(found) == {
        "get /api/v1/events",
        "get /api/v1/events/{slug}",
        "get /api/v1/sessions",
        "get /api/v1/sessions/{session_id}",
        "post /api/v1/sessions/{session_id}/registrations",
        "get /api/v1/my/invitations",
        "delete /api/v1/my/invitations/{invitation_id}",
        "get /api/v1/my/registrations",
        "delete /api/v1/my/registrations/{registration_id}",
        "post /api/v1/my/registrations/{registration_id}/undo",
        "get /api/v1/my/registrations/{registration_id}",
        "post /api/v1/my/registrations/{registration_id}/swap",
        "post /api/v1/my/registrations/{registration_id}/swap/undo",
        "post /api/v1/my/registrations/{registration_id}/accept",
        "post /api/v1/my/registrations/{registration_id}/decline",
        "post /api/v1/events/{slug}/waiting",
        "post /api/v1/events/{slug}/choices",
        "post /api/v1/sessions/{session_id}/colleagues",
    }
    assert all(operation["summary"] and operation["description"] for operation in found.values())
    assert len({operation["operationId"] for operation in found.values()}) == len(found)


def test_every_problem_is_described_as_one():
    for operation in operations().values():
        for status, answer in operation["responses"].items():
            expected = [] if status == "204" else ["application/json"]  # 204: no content (RFC 9110 section 15.3.5)
            media_types = list(answer.get("content", {}))
            assert media_types == (["application/problem+json"] if int(status) >= 400 else expected)


def test_every_query_value_is_explained_and_never_null():
    values = [one for operation in operations().values() for one in operation["parameters"] if one["in"] == "query"]

    assert values
    assert all(one["description"] and "anyOf" not in one["schema"] for one in values)


def test_schema_references_are_complete_and_none_is_unused():
    schema = api.get_openapi_schema()
    text = Client().get(f"{API}/openapi.json").content.decode()

    assert set(re.findall(r"#/components/schemas/(\w+)", text)) == set(schema["components"]["schemas"])


@pytest.mark.parametrize("language", ["en", "nl"])
def test_reference_is_a_page_of_our_own(language):
    answer = Client().get(f"{API}/docs", headers={"accept-language": language})

    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert all(operation["operationId"] in page for operation in operations().values())
    assert all(f'id="{code}"' in page for code in problems.KINDS)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\ssrc=.https?:|<link[^>]*href=.https?:", page)


def test_reference_names_the_object_of_a_body():
    page = Client().get(f"{API}/docs").content.decode()

    assert 'Body: <a href="#SomeDates">SomeDates</a> or <a href="#AnyDate">AnyDate</a>' in page
    assert page.count("Body: ") == sum("requestBody" in operation for operation in operations().values()) == 4


def test_every_link_of_the_reference_has_a_target():
    page = Client().get(f"{API}/docs").content.decode()

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_every_id_of_the_reference_is_unique():
    ids = re.findall(r'\sid="([^"]+)"', Client().get(f"{API}/docs").content.decode())

    assert len(ids) == len(set(ids))


def test_root_redirects_to_the_reference():
    client = Client()
    client.force_login(make_person())

    answer = client.get(f"{API}/")

    assert (answer.status_code, answer["Location"]) == (302, f"{API}/docs")
