"""The clients that the tests of the API call it with."""

from __future__ import annotations

from django.test import Client

from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_people, make_person, make_session

API = "/api/v1"


def signed_in(person=None, **options):
    client = Client(**options)
    client.force_login(person or make_person())
    return client


def get(path, client=None, **options):
    return (client or Client()).get(f"{API}{path}", **options)


def post(path, client=None, body=None):
    return (client or Client()).post(f"{API}{path}", body, content_type="application/json")


def refusal(answer):
    """Status and code of a problem."""
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def sign_up(session, client):
    return client.post(f"{API}/sessions/{session.key}/registrations")


def make_full_discreet_session():
    session = make_session(event=make_event(is_discreet=True), capacity=1)
    for person in make_people(2):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    return session
