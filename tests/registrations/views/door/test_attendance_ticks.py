from __future__ import annotations

import pytest

from events.enums import SessionStatus
from events.models import Session
from registrations.enums import Attendance, Status
from tests.factories import make_session, make_venue
from tests.registrations.support.screens import (
    DOOR_VERBS,
    LONGER_IN_LOWER_CASE,
    claim_of,
    fill,
    opened,
    shown,
    state,
    text_of,
    tick,
    url,
)

pytestmark = pytest.mark.django_db


# --- ticking


def test_tick_checks_in_and_shows_the_one_person(client, session, host):
    claim = claim_of("Ann Seated")

    with opened(client, host, session):
        response = client.post(url("door_check_in", session), tick(claim), follow=True)

    claim.refresh_from_db()
    assert claim.attendance == Attendance.PRESENT
    assert response.redirect_chain == [(f"{url('door', session)}?just={claim.key}", 302)]
    assert shown(response) == ["Ann Seated"]
    assert response.context["session"].inside_count == 1


def test_tick_on_the_list_stays_on_the_list(client, session, host):
    claim = claim_of("Ann Seated")

    with opened(client, host, session):
        response = client.post(url("door_check_in", session), tick(claim, list="1"))

    assert response["Location"] == f"{url('door', session)}?list=1#r-{claim.key}"


def test_tick_is_taken_back(client, session, host):
    claim = claim_of("Ann Seated")

    with opened(client, host, session):
        client.post(url("door_check_in", session), tick(claim))
        client.post(url("door_take_back", session), tick(claim))

    claim.refresh_from_db()
    assert claim.attendance == Attendance.UNKNOWN


@pytest.mark.parametrize("verb", DOOR_VERBS[:3])
def test_tick_of_somebody_of_another_session_is_refused(client, session, host, verb):
    [stranger] = fill(make_session(starts_at=session.starts_at), 1)

    with opened(client, host, session):
        before = state()
        response = client.post(url(verb, session), tick(stranger))

    assert response.status_code == 404
    assert state() == before


@pytest.mark.parametrize("verb", DOOR_VERBS[:2])
@pytest.mark.parametrize("said", [{}, {"registration": ""}, {"registration": "7"}, {"registration": "\x00"}])
def test_tick_of_nobody_is_refused(client, session, host, verb, said):
    with opened(client, host, session):
        before = state()
        response = client.post(url(verb, session), said)

    assert response.status_code == 404
    assert state() == before


def test_tick_before_the_door_opens_is_refused_kindly(client, session, host):
    with opened(client, host, session, minutes=-31):
        before = state()
        response = client.post(
            url("door_check_in", session),
            tick(claim_of("Ann Seated")),
            headers={"Referer": f"http://testserver{url('door', session)}"},
        )

    assert response.status_code == 409
    assert "The door opens 30 minutes before the start." in text_of(response)
    assert f'href="{url("door", session)}"' in text_of(response)
    assert state() == before


@pytest.mark.parametrize("verb", DOOR_VERBS)
def test_opening_the_address_of_a_button_changes_nothing(client, session, host, verb):
    with opened(client, host, session):
        before = state()
        response = client.get(url(verb, session))

    assert response.status_code == 405
    assert state() == before


def test_row_of_the_door_cannot_be_guessed_into(client, session, host):
    with opened(client, host, session):
        for text in ("7", "x" * 2000, "00000000-0000-4000-8000-000000000000", "\x00"):
            assert shown(client.get(url("door", session), {"just": text})) == []


# --- walk-ins


def test_walk_in_by_address_is_let_in_and_counted_apart(client, session, host):
    with opened(client, host, session):
        response = client.post(url("door_walk_in", session), {"address": "New@Demo.Example "}, follow=True)

    page = response.context["session"]
    assert (page.seats_taken, page.inside_count, page.walk_in_count) == (2, 1, 1)
    assert [claim.attendee.email for claim in response.context["rows"]] == ["new@demo.example"]


def test_walk_in_of_somebody_who_waits_takes_one_tap(client, session, host):
    claim = claim_of("Cid Waiting")

    with opened(client, host, session):
        found = client.post(url("door", session), {"q": "cid"})
        client.post(url("door_walk_in", session), tick(claim))

    claim.refresh_from_db()
    assert url("door_walk_in", session) in text_of(found)
    assert claim.attendee.email not in text_of(found)
    assert (claim.status, claim.is_walk_in, claim.attendance) == (Status.CONFIRMED, True, Attendance.PRESENT)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "somebody",
        "a@b",
        "x" * 260 + "@demo.example",
        "a\x00@demo.example",
        "a@demo.example\nBcc: b@c.d",
        LONGER_IN_LOWER_CASE,
    ],
)
def test_walk_in_with_an_address_that_is_none_is_asked_again(client, session, host, address):
    with opened(client, host, session):
        before = state()
        response = client.post(url("door_walk_in", session), {"address": address})

    assert response.status_code == 422
    assert response.context["walk_in"].errors["address"]
    assert state() == before


def test_walk_in_beyond_the_room_is_refused(client, host, session):
    Session.objects.update(venue=make_venue(capacity=2))

    with opened(client, host, session):
        before = state()
        response = client.post(url("door_walk_in", session), {"address": "new@demo.example"})

    assert response.status_code == 409
    assert "The room is full." in text_of(response)
    assert state() == before


# --- finish


def test_finish_says_first_what_it_does(client, session, host):
    with opened(client, host, session, minutes=60):
        client.post(url("door_check_in", session), tick(claim_of("Ann Seated")))
        before = text_of(client.get(url("door", session)))
        after = client.post(url("door_finish", session), follow=True)

    assert "1 person came. People who came get a feedback code by email." in before
    assert "1 person was not seen and is marked absent. That has no consequences." in before
    assert "The check-in is finished." in text_of(after)
    assert Session.objects.get().status == SessionStatus.HELD
    assert claim_of("Bob Seated").attendance == Attendance.ABSENT


def test_finish_before_the_start_is_refused(client, session, host):
    with opened(client, host, session, minutes=-1):
        page = text_of(client.get(url("door", session)))
        response = client.post(url("door_finish", session))

    assert url("door_finish", session) not in page
    assert response.status_code == 409
    assert Session.objects.get().status == SessionStatus.SCHEDULED


def test_finished_door_shows_who_came_and_has_no_buttons(client, session, host):
    with opened(client, host, session, minutes=60):
        client.post(url("door_check_in", session), tick(claim_of("Ann Seated")))
        client.post(url("door_finish", session))
        text = text_of(client.get(url("door", session), {"list": "1"}))

    assert "Present" in text
    assert "Absent" in text
    assert not any(url(verb, session) in text for verb in DOOR_VERBS)


def test_door_of_a_cancelled_session_says_so(client, session, host):
    Session.objects.update(status=SessionStatus.CANCELLED)

    with opened(client, host, session):
        assert "This session was cancelled." in text_of(client.get(url("door", session)))
