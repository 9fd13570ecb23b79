"""One registration with its history, through the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from registrations.enums import Action
from registrations.services.attending import booking
from registrations.services.seats import claims
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_unit
from tests.registrations.support.api_clients import get, refusal, signed_in
from tests.registrations.support.screens import fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_history_says_what_happened_and_names_nobody():
    organizer = make_organizer(unit=make_unit())
    seat, waiting = fill(make_session(capacity=1), 2)
    reason = "Speaks that evening"
    later = NOW + timedelta(minutes=5)
    claims.record([waiting], action=Action.PRIORITIZED, actor=organizer, now=later, reason=reason)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW + timedelta(hours=1))

    answer = get(f"/my/registrations/{waiting.key}", signed_in(waiting.attendee))

    said = answer.json()
    assert (answer.status_code, said["id"], said["status"]) == (200, str(waiting.key), "CONFIRMED")
    assert [(row["action"], row["status"], row["reason"]) for row in said["history"]] == [
        ("WAITLISTED", "WAITLISTED", ""),
        ("PRIORITIZED", "WAITLISTED", reason),
        ("PROMOTED", "CONFIRMED", ""),
    ]
    assert [row["at"] for row in said["history"]][1:] == ["2026-03-02T10:05:00+01:00", "2026-03-02T11:00:00+01:00"]
    assert {key for row in said["history"] for key in row} == {"at", "action", "status", "reason"}
    for other in (organizer, seat.attendee):
        assert not any(mark in answer.content.decode() for mark in (other.name, other.email))


def test_registration_is_said_as_in_the_list():
    client, session = signed_in(), make_session()
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)
    client.post(f"/api/v1/sessions/{session.key}/registrations")

    listed = get("/my/registrations", client).json()["items"][0]

    said = get(f"/my/registrations/{listed['id']}", client).json()
    assert len(said.pop("history")) == 1
    assert said == listed


def test_registration_that_was_asked_for_says_so():
    session, person = make_session(event=make_event(needs_approval=True)), make_person()
    asked = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    said = get(f"/my/registrations/{asked.key}", signed_in(person)).json()

    assert (said["status"], said["place"], said["session"]["why_not"]) == ("REQUESTED", None, "already-registered")
    assert [row["action"] for row in said["history"]] == ["REQUESTED"]


def test_registration_of_another_and_one_that_is_not_there_are_not_found():
    theirs = booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)
    client = signed_in(make_organizer(unit=make_unit()))

    answers = [get(f"/my/registrations/{key}", client) for key in (theirs.key, uuid.uuid4())]

    assert [refusal(answer) for answer in answers] == [(404, "not-found")] * 2
    assert answers[0].content == answers[1].content


def test_registration_needs_signing_in_and_a_key():
    theirs = booking.sign_up(session_key=make_session().key, attendee=make_person(), now=NOW)

    assert refusal(get(f"/my/registrations/{theirs.key}")) == (401, "signed-out")
    assert refusal(get("/my/registrations/x", signed_in())) == (422, "invalid")


@pytest.mark.parametrize("size", [1, 30])
def test_registration_costs_the_same_however_much_happened(size, django_assert_num_queries):
    mine = fill(make_session(capacity=1), 2)[1]
    for _ in range(size - 1):
        claims.record([mine], action=Action.PRIORITIZED, actor=None, now=NOW)
    client = signed_in(mine.attendee)

    with django_assert_num_queries(7):
        answer = get(f"/my/registrations/{mine.key}", client)

    assert len(answer.json()["history"]) == size
