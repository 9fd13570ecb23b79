"""Who asks, and where they go on."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from events.models import Session
from registrations.views import people
from tests.factories import make_person, make_session

pytestmark = pytest.mark.django_db


def request_of(rf, person=None, path="/", data=None, **headers):
    request = rf.get(path, headers=headers) if data is None else rf.post(path, data, headers=headers)
    request.user = person or AnonymousUser()
    return request


def test_a_newcomer_is_ready_where_no_seat_depends_on_their_group(rf):
    known, new = make_person(), make_person(name="", unit=None, audience="")
    for_all, for_students = make_session(), make_session(audiences=("STUDENT",))

    def ready(person, *sessions):
        keys = [session.key for session in sessions]
        return people.ready_for(request_of(rf, person), Session.objects.filter(key__in=keys))

    assert [ready(person, for_all) for person in (known, new, None)] == [known, new, None]
    assert [ready(person, for_all, for_students) for person in (known, new, None)] == [known, None, None]


def test_local_path_is_one_of_ours():
    assert people.local_path("/my/?a=b") == "/my/?a=b"
    assert people.local_path("//elsewhere.example/") == ""


@pytest.mark.parametrize(("is_signed_in", "page"), [(False, "account_login"), (True, "registrations:welcome")])
def test_ask_who_comes_back_to_the_page(rf, is_signed_in, page):
    person = make_person(name="") if is_signed_in else None

    answer = people.ask_who(request_of(rf, person), back_to="/my/?a=b")

    assert answer["Location"] == f"{reverse(page)}?next=%2Fmy%2F%3Fa%3Db"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "my/", ""]
)
def test_back_never_leaves_the_site(rf, target):
    assert people.back(request_of(rf, data={"next": target}), "/my/")["Location"] == "/my/"


def test_back_returns_to_the_page_the_button_stood_on(rf):
    assert people.back(request_of(rf, data={"next": "/events/a/"}), "/my/")["Location"] == "/events/a/"


@pytest.mark.parametrize(
    ("referer", "page"),
    [("http://testserver/events/a/?b=c", "/events/a/"), ("http://elsewhere.example/events/a/", ""), ("", "")],
)
def test_page_before_is_one_of_ours(rf, referer, page):
    assert people.page_before(request_of(rf, referer=referer)) == page
