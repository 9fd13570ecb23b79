"""Only what an address names can be "not found"; a row that is missing anywhere else is a mistake of ours."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from project.accounts.models import User
from registrations.models import Invite, Registration
from registrations.services.attending import booking
from registrations.services.attending.booking import Asking
from registrations.services.seats import claims
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.api_clients import refusal, sign_up, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def visitor():
    """Sees the page that a browser would, also of a crash."""
    return signed_in(raise_request_exception=False)


def _break(monkeypatch, missing):
    """A mistake in the middle of every sign-up and giving back: something is looked up that is not there."""

    def look_for_nothing(*args, **kwargs):
        missing.objects.get(pk=0)

    monkeypatch.setattr(Asking, "about", look_for_nothing)
    monkeypatch.setattr(claims, "end", look_for_nothing)


def _crashes(caplog):
    return [record.exc_info[0] for record in caplog.records if record.name == "django.request"]


@pytest.mark.parametrize("missing", [User, Invite, Registration])
@pytest.mark.parametrize("name", ["sign_up", "wait_for_date"])
def test_missing_row_in_a_post_is_logged_and_answered_with_500(monkeypatch, caplog, visitor, missing, name):
    session = make_session()
    _break(monkeypatch, missing)

    response = visitor.post(reverse(f"registrations:{name}", args=[session.key]))

    assert response.status_code == 500
    assert _crashes(caplog) == [missing.DoesNotExist]
    assert not Registration.objects.exists()


def test_missing_row_while_giving_back_is_logged_and_changes_nothing(monkeypatch, caplog):
    person = make_person()
    seat = booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
    _break(monkeypatch, User)

    page = signed_in(person, raise_request_exception=False).post(reverse("registrations:cancel", args=[seat.key]))
    answer = signed_in(person, raise_request_exception=False).delete(f"/api/v1/my/registrations/{seat.key}")

    assert page.status_code == 500
    assert refusal(answer) == (500, "unexpected")
    assert _crashes(caplog) == [User.DoesNotExist, User.DoesNotExist]
    assert Registration.objects.get().is_confirmed


def test_missing_row_in_the_api_is_logged_and_answered_with_500(monkeypatch, caplog, visitor):
    session = make_session()
    _break(monkeypatch, User)

    answer = sign_up(session, visitor)

    assert refusal(answer) == (500, "unexpected")
    assert _crashes(caplog) == [User.DoesNotExist]


@pytest.mark.parametrize("name", ["sign_up", "wait_for_date"])
def test_session_that_the_address_names_wrongly_is_not_found(caplog, visitor, name):
    response = visitor.post(reverse(f"registrations:{name}", args=[uuid4()]))

    assert response.status_code == 404
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["cancel", "undo", "swap", "accept", "decline"])
def test_registration_that_the_address_names_wrongly_is_not_found(visitor, name):
    assert visitor.post(reverse(f"registrations:{name}", args=[uuid4()])).status_code == 404


def test_session_of_an_operation_that_is_not_there_is_a_problem(visitor):
    assert refusal(visitor.post(f"/api/v1/sessions/{uuid4()}/registrations")) == (404, "not-found")


def test_claim_that_is_gone_when_its_turn_comes_is_not_found(monkeypatch):
    """Erased between the look at it and the lock."""
    person = make_person()
    seat = booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
    cancel = booking.cancel

    def too_late(**facts):
        Registration.objects.all().delete()
        return cancel(**facts)

    monkeypatch.setattr(booking, "cancel", too_late)

    assert signed_in(person).post(reverse("registrations:cancel", args=[seat.key])).status_code == 404
