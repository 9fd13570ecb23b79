"""Sessions are rows of the database, so that each can be ended at once, and work without Redis."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from project.accounts.adapters import SessionStore
from project.accounts.models import User
from project.accounts.services import sessions
from project.accounts.tasks import forget_expired_sessions
from tests.factories import make_person

pytestmark = pytest.mark.django_db
UNKNOWN = "a" * 32


@pytest.fixture
def signed_in(client):
    client.force_login(make_person())
    assert is_signed_in(client)
    return client


def is_signed_in(client):
    return client.get(reverse("registrations:my_sessions")).status_code == HTTPStatus.OK


def test_deleting_a_session_signs_out_at_once(signed_in):
    Session.objects.all().delete()

    assert not is_signed_in(signed_in)


def test_an_expired_session_is_ignored(signed_in):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(signed_in)


def test_a_tampered_session_is_ignored(signed_in):
    Session.objects.update(session_data="e30:not-signed-by-us")

    assert not is_signed_in(signed_in)


def test_a_person_who_was_deactivated_is_signed_out(signed_in):
    User.objects.update(is_active=False)

    assert not is_signed_in(signed_in)


def test_a_session_works_without_redis(signed_in, without_redis):
    assert is_signed_in(signed_in)


def test_an_unknown_session_key_is_replaced(client):
    """Protects against session fixation: a key that the browser made up is never used."""
    store = SessionStore(UNKNOWN)

    assert dict(store.items()) == {}

    store["wish"] = "a date"
    store.save()
    assert store.session_key != UNKNOWN
    assert SessionStore(store.session_key)["wish"] == "a date"


def test_signing_out_deletes_the_session(signed_in):
    signed_in.post(reverse("account_logout"))

    assert not Session.objects.exists()


@pytest.mark.parametrize("at_once", [1, 1000])
def test_forget_expired_deletes_only_expired_sessions(signed_in, monkeypatch, at_once):
    monkeypatch.setattr(sessions, "AT_ONCE", at_once)
    now = timezone.now()
    for key, hours in {"a": -1, "b": -100, "c": 1}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=hours))

    assert sessions.forget_expired(now=now) == 2
    assert set(Session.objects.values_list("session_key", flat=True)) == {"c", signed_in.session.session_key}
    assert is_signed_in(signed_in)


def test_the_scheduler_deletes_expired_sessions(settings):
    Session.objects.create(session_key="a", session_data="", expire_date=timezone.now() - timedelta(days=1))
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    forget_expired_sessions()

    assert not Session.objects.exists()
    assert forget_expired_sessions.name in scheduled


def test_the_site_uses_this_session_store(client):
    assert type(client.session) is SessionStore
