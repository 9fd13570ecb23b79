from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from registrations.enums import Status
from registrations.models import Interest, Registration
from registrations.services.attending import booking, conference
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import event_url, text_of
from tests.registrations.support.seats.offered import (
    everything,
    full_session,
    make_conference,
    post,
    statuses_of,
    take,
    two_dates,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def sign_in(client, person):
    """By the code of a mail, as everybody does."""
    from project.outbox.models import Message  # noqa: PLC0415  # beside its one user

    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = Message.objects.filter(kind="sign-in-code").latest("pk").facts["code"]
    return client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)


def test_choices_of_a_conference_are_made_right_after_signing_in(client):
    event, (first, second), (one_a, _, _two_a, two_b) = make_conference()
    person = make_person()

    client.post(event_url("choose", event), {f"round-{first.key}": one_a.key, f"round-{second.key}": two_b.key})
    page = sign_in(client, person)

    assert statuses_of(person) == [Status.CONFIRMED, Status.CONFIRMED]
    assert page.redirect_chain[-1][0] == event.get_absolute_url()
    assert "Your choices are saved." in text_of(page)


def words_of(response) -> str:
    return " ".join(strip_tags(text_of(response)).split())


def test_the_pages_on_the_way_there_say_which_seat_it_is(client):
    session, person = make_session(), make_person()
    at_first = words_of(client.get(reverse("account_login")))

    client.post(reverse("registrations:sign_up", args=[session.key]))
    asked = words_of(client.get(reverse("account_login")))
    client.post(reverse("account_request_login_code"), {"email": person.email})
    sent = words_of(client.get(reverse("account_confirm_login_code")))

    assert session.title not in at_first
    assert "Almost there" in asked
    assert all(f"Next: your seat {session.title}" in page for page in (asked, sent))


def test_a_discreet_session_is_not_named_on_the_way_there(client):
    session = make_session(event=make_event(is_discreet=True))

    client.post(reverse("registrations:sign_up", args=[session.key]))
    page = words_of(client.get(reverse("account_login")))

    assert "Next: your seat A discreet session" in page
    assert session.title not in page


def test_a_form_made_before_signing_in_gives_no_choice_back(client):
    event, (first, second), (one_a, *_, two_b) = make_conference()
    person = make_person()
    conference.choose(event_key=event.key, choices={first.key: one_a.key}, attendee=person, now=NOW)

    client.post(event_url("choose", event), {f"round-{first.key}": "none", f"round-{second.key}": two_b.key})
    sign_in(client, person)

    assert statuses_of(person) == [Status.CONFIRMED, Status.CONFIRMED]


def test_several_dates_are_waited_for_after_signing_in_beside_those_before(client):
    first, second = two_dates()
    third = full_session(event=first.event, starts_at=NOW + timedelta(days=14))
    person = make_person()
    take(third, person)

    client.post(event_url("wait", first.event), {"dates": [first.key, second.key]})
    sign_in(client, person)

    assert statuses_of(person) == [Status.WAITLISTED] * 3


def test_nothing_ticked_before_signing_in_leaves_no_list(client):
    first, _ = two_dates()
    person = make_person()
    take(first, person)

    client.post(event_url("wait", first.event))
    sign_in(client, person)

    assert statuses_of(person) == [Status.WAITLISTED]


def test_any_date_and_its_language_survive_signing_in(client):
    first, _ = two_dates()
    person = make_person()

    client.post(event_url("wait", first.event), {"any": "1", "language": "en"})
    sign_in(client, person)

    assert set(Registration.objects.of(person).values_list("wants_any_date", "any_date_language")) == {(True, "en")}


def test_the_first_free_seat_is_taken_after_signing_in(client):
    event, person = make_event(), make_person()
    make_session(event=event, capacity=1, language="nl", starts_at=NOW + timedelta(days=5))
    english = make_session(event=event, language="en", starts_at=NOW + timedelta(days=9))

    client.post(event_url("wait", event), {"first": "1", "language": "en"})
    sign_in(client, person)

    assert list(Registration.objects.of(person).values_list("session", "status")) == [(english.pk, Status.CONFIRMED)]


def test_somebody_who_wished_to_wait_is_given_no_seat_that_came_free_meanwhile(client):
    session, person = full_session(), make_person()
    post(client, "wait_for_date", session.key)
    seat = Registration.objects.get()
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    page = sign_in(client, person)

    assert statuses_of(person) == []
    assert "A seat is free on a date you chose." in text_of(page)


def test_interest_is_noted_after_signing_in(client):
    event, person = make_event(), make_person()

    client.post(event_url("interest", event))
    page = sign_in(client, person)

    assert Interest.objects.get().person == person
    assert "Done. We’ll send you one email when there are dates." in text_of(page)


def test_the_wish_of_a_newcomer_is_noted_before_the_first_questions(client):
    event, person = make_event(), make_person(name="")

    client.post(event_url("interest", event))
    page = sign_in(client, person)

    assert Interest.objects.filter(event=event, person=person).exists()
    assert "Done. We’ll send you one email when there are dates." in text_of(page)
    assert "Welcome · Samen" in text_of(page)


def test_a_wish_that_is_hours_old_is_not_carried_out(client):
    session, person = make_session(), make_person()
    post(client, "sign_up", session.key)
    before = everything()

    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        sign_in(client, person)

    assert everything() == before


def test_a_hidden_event_is_not_told_of_by_a_wish(client):
    event, person = make_event(), make_person()
    client.post(event_url("interest", event))
    event.status = "DRAFT"
    event.save()

    page = sign_in(client, person)

    assert not Interest.objects.exists()
    assert event.title not in text_of(page)
