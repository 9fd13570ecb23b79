from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registrations.models import Registration
from registrations.services.attending import booking
from registrations.services.organizing import approval, by_hand
from tests.factories import NOW, make_event, make_organizer, make_person, make_session
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import SOON, full_session, post, signed_in, take, two_dates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def story(client, registration):
    return text_of(client.get(reverse("registrations:my_registration", args=[registration.key])))


def test_somebody_who_waits_reads_why_and_what_comes_next(client):
    session = full_session()
    take(session, make_person())
    registration = take(session, signed_in(client))

    text = story(client, registration)

    assert "You are number 2 for this date." in text
    assert "All seats of this date are taken." in text
    assert "What happens next" in text
    assert "We hold a free seat for the next person on the list" in text
    assert "You joined the waiting list." in text
    assert "Monday 2 March, 10:00" in text


def test_the_first_in_the_queue_reads_that_nobody_is_ahead(client):
    registration = take(full_session(), signed_in(client))

    assert "You are number 1: nobody is ahead of you." in story(client, registration)


def test_somebody_who_waits_beside_held_seats_reads_until_when(client):
    session = make_session(capacity=2, held_seats=2, held_audiences=("STUDENT",), held_until=NOW + timedelta(days=3))
    registration = take(session, signed_in(client))

    assert "held for another group until Thursday 5 March, 10:00" in story(client, registration)


def test_somebody_who_waited_until_the_end_reads_that_it_is_over(client):
    session = full_session(closes_at=NOW + timedelta(days=5))
    registration = take(session, signed_in(client))

    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        assert "Signing up has closed, and no seat came free in time." in story(client, registration)


def test_a_reason_is_told(client):
    session, person, organizer = full_session(starts_at=SOON), signed_in(client), make_organizer()
    session.capacity = 2
    registration = take(session, person)
    session.save()
    by_hand.seat(registration_key=registration.key, actor=organizer, reason="Helps on stage", now=NOW)

    text = story(client, registration)

    assert "An organiser gave you a seat." in text
    assert "Reason: Helps on stage" in text
    assert organizer.name not in text


def test_a_request_that_was_turned_down_is_told(client):
    person = signed_in(client)
    registration = take(make_session(event=make_event(needs_approval=True)), person)
    approval.turn_down(registration_key=registration.key, actor=make_organizer(), reason="Only for me", now=NOW)

    text = story(client, registration)

    assert "You asked for a seat." in text
    assert "An organiser could not give you a seat on this date." in text
    assert "Reason: Only for me" in text


def test_a_claim_that_has_ended_keeps_its_story(client):
    registration = take(make_session(), signed_in(client))
    booking.cancel(registration_key=registration.key, actor=registration.attendee, now=NOW)

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        text = story(client, registration)

    assert "You took a seat." in text
    assert "You gave your seat back." in text
    assert "notice-title" not in text


def test_the_page_of_a_discreet_claim_has_a_neutral_title(client):
    session = make_session(event=make_event(is_discreet=True, title_en="Telling title"))
    registration = take(session, signed_in(client))

    text = client.get(reverse("registrations:my_registration", args=[registration.key])).text

    assert "Telling" not in text.partition("</head>")[0]


def test_somebody_elses_story_is_not_there(client):
    registration = take(make_session(), make_person())
    signed_in(client)

    assert client.get(f"/my/{registration.key}/").status_code == 404
    assert client.get("/my/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_somebody_who_is_not_signed_in_reads_nothing(client):
    registration = take(make_session(), make_person())

    assert client.get(f"/my/{registration.key}/")["Location"].startswith(reverse("account_login"))


def test_my_sessions_put_what_waits_under_its_event(client):
    first, second = two_dates(title_en="Mindlab")
    person = signed_in(client)
    for session in (first, second):
        take(session, person)

    text = text_of(client.get("/my/"))

    assert text.count("Mindlab</a></h3>") == 1
    assert text.count("You are number 1") == 2
    assert f"{first.event.get_absolute_url()}#wait" in text


def test_a_wish_that_was_left_shows_no_notice_among_my_sessions(client):
    first, _ = two_dates()
    registration = take(first, signed_in(client))

    post(client, "cancel", registration.key)

    assert "You have left the waiting list" not in text_of(client.get("/my/"))
    assert "You have left the waiting list." in text_of(client.get(first.get_absolute_url()))


@pytest.mark.parametrize("number", [1, 30])
def test_a_story_costs_the_same_whatever_the_number_of_dates(client, number):
    event, person = make_event(), signed_in(client)
    for minute in range(number):
        take(make_session(event=event, capacity=0, starts_at=NOW + timedelta(days=5, minutes=minute)), person)
    registration = Registration.objects.filter(attendee=person).earliest("pk")

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/my/{registration.key}/")

    assert len(queries) == 9


@pytest.mark.parametrize(
    ("coming_again", "attended", "link"),
    [
        ("ONCE", True, None),
        ("ONCE", False, "Choose another date"),
        ("BEHIND", True, "Come again"),
    ],
)
def test_past_sessions_lead_to_other_dates_for_people_who_may_come(client, coming_again, attended, link):
    event = make_event(coming_again=coming_again)
    claim = take(make_session(event=event, starts_at=NOW + timedelta(hours=1)), signed_in(client))
    make_session(event=event, starts_at=NOW + timedelta(days=30))
    Registration.objects.filter(pk=claim.pk).update(attendance="PRESENT" if attended else "ABSENT")

    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        page = text_of(client.get(reverse("registrations:my_sessions")))

    assert [words for words in ("Come again", "Choose another date") if words in page] == ([link] if link else [])
