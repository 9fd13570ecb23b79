from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.enums import SeatScope
from events.models import Round, Session
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import everything, make_conference, signed_in, statuses_of, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def choose(client, event, choices, **extra):
    """`choices`: round to session, or to `none`."""
    data = {f"round-{round_.key}": getattr(chosen, "key", chosen) for round_, chosen in choices.items()}
    return client.post(reverse("registrations:choose", args=[event.slug]), data | extra, follow=True)


def checked(response):
    """The choices that the page shows as they are, in the order of the page."""
    inputs = text_of(response).split("<input ")[1:]
    return [text.split('value="')[1].split('"')[0] for text in inputs if 'type="radio"' in text and " checked" in text]


def test_one_form_for_all_rounds_and_no_other_button(client):
    event, rounds, sessions = make_conference()
    signed_in(client)

    response = client.get(event.get_absolute_url())

    text = text_of(response)
    assert text.count("<fieldset") == len(rounds)
    assert all(session.title in text for session in sessions)
    assert text.count("Not in this round") == 2
    assert "Take a seat" not in text
    assert "sign-up" not in text
    assert "Wait for more dates" not in text
    assert checked(response) == ["none", "none"]


def test_all_choices_in_one_step_and_the_page_says_what_became_of_each(client):
    event, (first, second), (one_a, _, two_a, _) = make_conference()
    take(two_a, make_person())
    person = signed_in(client)

    response = choose(client, event, {first: one_a, second: two_a})

    text = text_of(response)
    assert statuses_of(person) == [Status.CONFIRMED, Status.WAITLISTED]
    assert "Your choices are saved." in text
    block = text.partition("Your choices</p>")[2].partition("Change my choices")[0]
    assert "You have a seat" in block
    assert "You are number 1" in block
    assert checked(response) == [str(one_a.key), str(two_a.key)]


def test_sending_it_twice_is_once(client):
    event, (first, second), (one_a, _, _, two_b) = make_conference()
    person = signed_in(client)

    for _ in range(2):
        choose(client, event, {first: one_a, second: two_b})

    assert statuses_of(person) == [Status.CONFIRMED, Status.CONFIRMED]
    assert Registration.objects.count() == 2


def test_another_choice_is_a_swap_and_none_gives_back(client):
    event, (first, second), (one_a, one_b, two_a, _) = make_conference()
    person = signed_in(client)
    choose(client, event, {first: one_a, second: two_a})

    response = choose(client, event, {first: one_b, second: "none"})

    assert Registration.objects.active().get(attendee=person).session == one_b
    assert checked(response) == [str(one_b.key), "none"]
    assert "Nothing chosen" in response.text


def test_a_wish_beside_a_seat_stays_when_the_page_is_sent_again(client):
    event, (first, second), (one_a, one_b, two_a, _) = make_conference()
    take(one_b, make_person())
    person = signed_in(client)
    choose(client, event, {first: one_a})

    response = choose(client, event, {first: one_b})
    again = choose(client, event, {first: checked(response)[0], second: two_a})

    assert statuses_of(person) == [Status.CONFIRMED, Status.WAITLISTED, Status.CONFIRMED]
    assert checked(again) == [str(one_b.key), str(two_a.key)]


def test_a_round_that_refuses_is_named_and_the_other_is_kept(client):
    event, (first, second), (one_a, _, two_a, _) = make_conference()
    one_a.audiences = ("STUDENT",)
    one_a.save()
    person = signed_in(client)

    response = choose(client, event, {first: one_a, second: two_a})

    assert "Round 1: This session is for another group." in text_of(response)
    assert statuses_of(person) == [Status.CONFIRMED]
    assert f'id="choice-{one_a.key}" disabled' in text_of(response)


def test_a_session_of_another_round_or_event_is_refused(client):
    event, (_first, second), (_, _, _two_a, _) = make_conference()
    elsewhere = make_session()
    signed_in(client)

    response = choose(client, event, {second: elsewhere})

    assert "Round 2: That date belongs to something else." in text_of(response)
    assert not Registration.objects.exists()


@pytest.mark.parametrize("chosen", ["tomorrow", "x" * 50, "\x00"])
def test_a_choice_that_is_no_key_is_not_there(client, chosen):
    event, (first, _), _ = make_conference()
    signed_in(client)
    before = everything()

    assert choose(client, event, {first: chosen}).status_code == 404
    assert everything() == before


def test_nothing_chosen_changes_nothing(client):
    event, (first, _), (one_a, *_) = make_conference()
    signed_in(client)
    choose(client, event, {first: one_a})
    before = everything()

    choose(client, event, {})
    choose(client, event, {first: ""}, **{"round-00000000-0000-4000-8000-000000000000": "none"})

    assert everything() == before


def test_somebody_who_is_not_signed_in_comes_back_to_choose(client):
    event, (first, _), (one_a, *_) = make_conference()

    response = client.post(reverse("registrations:choose", args=[event.slug]), {f"round-{first.key}": one_a.key})

    assert response["Location"] == f"{reverse('account_login')}?next=%2Fevents%2F{event.slug}%2F%23dates"
    assert "Sign in and save my choices" in client.get(event.get_absolute_url()).text
    assert not Registration.objects.exists()


def test_somebody_whose_group_matters_says_who_they_are_first(client):
    event, (first, _), (one_a, *_) = make_conference()
    Session.objects.filter(pk=one_a.pk).update(audiences=("STUDENT",))
    signed_in(client, name="", unit=None, audience="")

    response = client.post(reverse("registrations:choose", args=[event.slug]), {f"round-{first.key}": one_a.key})

    assert response["Location"].startswith(reverse("registrations:welcome"))
    assert not Registration.objects.exists()


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_a_hidden_conference_is_not_there(client, status):
    event, (first, _), (one_a, *_) = make_conference(status=status)
    signed_in(client)

    assert choose(client, event, {first: one_a}).status_code == 404
    assert not Registration.objects.exists()


def test_a_round_of_which_nothing_is_open_is_locked(client):
    event, (_first, _), sessions = make_conference()
    for session in sessions[:2]:
        session.closes_at = NOW
        session.save()
    signed_in(client)

    text = text_of(client.get(event.get_absolute_url()))

    assert text.count('<fieldset class="round" disabled>') == 1
    assert text.count("Not in this round") == 1


def test_what_stands_outside_the_rounds_keeps_its_own_button(client):
    event, _, _ = make_conference()
    party = make_session(event=event, title_en="Drinks", starts_at=NOW + timedelta(days=21))
    person = signed_in(client)

    text = text_of(client.get(event.get_absolute_url()))
    client.post(reverse("registrations:sign_up", args=[party.key]))

    assert text.count("Take a seat") == 1
    assert f"/sessions/{party.key}/sign-up/" in text
    assert statuses_of(person) == [Status.CONFIRMED]


def test_two_talks_at_the_same_time_are_said_so(client):
    event, (_first, _second), (one_a, _, two_a, _) = make_conference()
    two_a.starts_at, two_a.ends_at = one_a.starts_at, one_a.ends_at
    two_a.save()
    person = signed_in(client)
    booking.sign_up(session_key=one_a.key, attendee=person, now=NOW)

    text = text_of(client.get(event.get_absolute_url()))

    assert "At that time you also have a seat at Talk 1A" in text


@pytest.mark.parametrize("number", [1, 15])
def test_the_page_costs_the_same_whatever_the_number_of_rounds(client, number):
    event, person = make_event(seat_scope=SeatScope.ROUND), signed_in(client)
    for count in range(number):
        round_ = Round.objects.create(event=event, number=count, title_en=f"Round {count}")
        starts_at = NOW + timedelta(days=20, hours=count)
        parallel = [make_session(event=event, round=round_, starts_at=starts_at) for _ in range(2)]
        take(parallel[0], person)

    with CaptureQueriesContext(connection) as queries:
        client.get(event.get_absolute_url())

    assert len(queries) == 5
