from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from events.models import Event, Session
from project.accounts.models import User
from project.outbox.models import Message
from registrations.emails import cancel_link, offer_link
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import colleagues, offers
from registrations.services.seats import waitlist
from tests.factories import NOW, make_event, make_person, make_session, make_unit
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import (
    TWO_DAYS,
    everything,
    full_session,
    offer_to,
    post,
    signed_in,
    statuses_of,
    take,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TOO_LATE = NOW + timedelta(days=1, hours=8)


def link_of(registration):
    return re.sub(r"^http://testserver", "", offer_link(registration))


def invited(address="colleague@demo.example", **overrides):
    """Somebody was asked along by a person with a seat."""
    inviter = make_person(name="Ina Inviter")
    session = make_session(**overrides)
    take(session, inviter)
    colleagues.invite(session_key=session.key, address=address, inviter=inviter, now=NOW)
    return Registration.objects.select_related("attendee", "session").get(status=Status.OFFERED)


def test_an_offer_stands_on_every_page_with_two_buttons(client):
    registration = offer_to(signed_in(client))
    session = registration.session

    for url in (session.get_absolute_url(), session.event.get_absolute_url(), "/my/", f"/my/{registration.key}/"):
        text = text_of(client.get(url))
        assert "A seat is free for you. Will you come?" in text
        assert "We hold it for you until Tuesday 3 March, 10:00." in text
        assert f'action="/my/{registration.key}/accept/"' in text
        assert f'action="/my/{registration.key}/decline/"' in text


def test_yes_is_a_seat_and_twice_is_once(client):
    registration = offer_to(signed_in(client))

    answers = [post(client, "accept", registration.key) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [registration.session.get_absolute_url()] * 2
    assert statuses_of(registration.attendee) == [Status.CONFIRMED]


def test_no_takes_only_that_date_off_the_list_and_twice_is_once(client):
    event, person = make_event(), signed_in(client)
    wish = take(full_session(event=event, starts_at=NOW + timedelta(days=12)), person)
    registration = offer_to(person, event=event)

    first, again = (post(client, "decline", registration.key) for _ in range(2))

    assert "Thank you for telling us." in client.get(first["Location"]).text
    assert again["Location"] == first["Location"]
    assert Registration.objects.active().get(attendee=person) == wish


def test_an_answer_that_comes_too_late_is_refused(client):
    registration = offer_to(signed_in(client))

    with time_machine.travel(TOO_LATE, tick=False):
        response = post(client, "accept", registration.key)

    assert response.status_code == 409
    assert "It is too late for that." in response.text


def test_an_offer_whose_time_is_over_shows_no_buttons_before_anybody_acted_on_it(client):
    registration = offer_to(signed_in(client))

    with time_machine.travel(TOO_LATE, tick=False):
        pages = [text_of(client.get(url)) for url in (registration.session.get_absolute_url(), "/my/")]

    assert all("Will you come?" not in text for text in pages)


@pytest.mark.parametrize("name", ["accept", "decline", "my_registration"])
def test_somebody_elses_offer_is_not_there(client, name):
    registration = offer_to(make_person())
    signed_in(client)
    before = everything()

    assert post(client, name, registration.key).status_code in {404, 405}
    assert client.get(reverse(f"registrations:{name}", args=[registration.key])).status_code in {404, 405}
    assert everything() == before


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_somebody_who_is_not_signed_in_answers_nothing(client, name):
    registration = offer_to(make_person())
    before = everything()

    assert post(client, name, registration.key)["Location"].startswith(reverse("account_login"))
    assert everything() == before


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_opening_the_address_of_an_answer_changes_nothing(client, name):
    registration = offer_to(signed_in(client))

    assert client.get(reverse(f"registrations:{name}", args=[registration.key])).status_code == 405
    assert statuses_of(registration.attendee) == [Status.OFFERED]


def test_an_offer_for_a_swap_says_what_becomes_of_the_seat(client):
    event, person = make_event(), signed_in(client)
    held = take(make_session(event=event), person)
    there = full_session(event=event, starts_at=TWO_DAYS)
    post(client, "swap", held.key, session=there.key)
    seat = Registration.objects.get(session=there, status=Status.CONFIRMED)
    client.force_login(seat.attendee)
    post(client, "cancel", seat.key)
    client.force_login(person)
    registration = Registration.objects.get(status=Status.OFFERED)

    page = text_of(client.get(there.get_absolute_url()))
    by_mail = text_of(client.get(link_of(registration)))
    post(client, "accept", registration.key)

    assert "If you say yes, you give up your seat on" in page
    assert "If you say yes, you give up your seat on" in by_mail
    assert Registration.objects.active().get(attendee=person).session == there


def test_the_link_in_a_mail_needs_no_signing_in_and_opening_it_changes_nothing(client):
    registration = offer_to(make_person())
    before = everything()

    response = client.get(link_of(registration))

    assert response.status_code == 200
    assert "We hold it until Tuesday 3 March, 10:00. Will you come?" in response.text
    assert response["Cache-Control"].startswith("max-age=0")
    assert everything() == before


def test_the_link_warns_of_a_clash_and_names_nothing(client):
    registration = offer_to(make_person())
    elsewhere = make_session(event=make_event(title_en="Telling title"), starts_at=TWO_DAYS)
    take(elsewhere, registration.attendee)

    text = client.get(link_of(registration)).text

    assert "another session, 14:00–16:00." in text
    assert "Telling title" not in text


def test_the_link_tells_what_is_good_to_know_before_coming(client):
    registration = offer_to(make_person())
    Event.objects.update(content_note_en="It is about violence.")

    assert "It is about violence." in client.get(link_of(registration)).text


def test_yes_by_the_link_is_a_seat_and_twice_is_once(client):
    registration = offer_to(make_person())

    responses = [client.post(link_of(registration), {"answer": "yes"}, follow=True) for _ in range(2)]

    assert all("You have a seat" in response.text for response in responses)
    assert statuses_of(registration.attendee) == [Status.CONFIRMED]


def test_no_by_the_link_gives_it_to_somebody_else_and_twice_is_once(client):
    registration = offer_to(make_person())

    responses = [client.post(link_of(registration), {"answer": "no"}) for _ in range(2)]

    assert all("Thank you for telling us" in response.text for response in responses)
    assert statuses_of(registration.attendee) == []


@pytest.mark.parametrize("answer", ["", "maybe", "YES"])
def test_an_answer_that_is_none_is_not_there(client, answer):
    registration = offer_to(make_person())
    before = everything()

    assert client.post(link_of(registration), {"answer": answer}).status_code == 404
    assert everything() == before


def test_a_link_that_ran_out_explains(client):
    registration = offer_to(make_person())
    before = everything()

    with time_machine.travel(TOO_LATE, tick=False):
        responses = [client.get(link_of(registration)), client.post(link_of(registration), {"answer": "yes"})]

    assert all("This offer has expired" in response.text for response in responses)
    assert everything() == before


def test_a_link_explains_once_the_house_has_moved_on(client):
    registration = offer_to(make_person())
    waitlist.settle_event(event_id=registration.session.event_id, now=TOO_LATE)

    with time_machine.travel(TOO_LATE, tick=False):
        response = client.get(link_of(registration))

    assert "This offer has expired" in response.text


def test_a_link_explains_once_the_session_has_begun(client):
    registration = offer_to(make_person())

    with time_machine.travel(TWO_DAYS, tick=False):
        response = client.get(link_of(registration))

    assert "This session has begun" in response.text


def test_a_forged_link_is_not_there(client):
    registration = offer_to(make_person())
    token = link_of(registration).strip("/").split("/")[1]
    for_another_action = cancel_link(registration).strip("/").split("/")[-1]
    before = everything()

    for forged in (f"{token}x", token[:-1], registration.key.hex, "x", for_another_action):
        for method in (client.get, client.post):
            assert method(f"/offer/{forged}/", {"answer": "yes"}).status_code == 404
    assert everything() == before


def test_the_link_of_a_discreet_session_asks_to_sign_in(client):
    registration = offer_to(make_person(), event=make_event(is_discreet=True, title_en="Telling title"))

    for response in (client.get(link_of(registration)), client.post(link_of(registration), {"answer": "yes"})):
        assert response["Location"] == f"/my/{registration.key}/"
    assert client.get(f"/my/{registration.key}/")["Location"].startswith(reverse("account_login"))
    assert statuses_of(registration.attendee) == [Status.OFFERED]


def test_a_colleague_reads_who_asks_and_says_no_and_is_forgotten(client):
    registration = invited()
    link = link_of(registration)
    assert "Ina Inviter has invited you" in client.get(link).text

    response = client.post(link, {"answer": "no"})

    assert "Thank you for telling us" in response.text
    assert not User.objects.filter(email="colleague@demo.example").exists()
    assert client.get(link).status_code == 410
    assert "This offer has expired" in client.get(link).text


def test_a_colleague_who_says_yes_has_the_seat_and_then_says_who_they_are(client):
    registration, unit = invited(), make_unit("as")

    assert client.post(link_of(registration), {"answer": "yes"})["Location"] == reverse("account_login")
    client.post(reverse("account_login"), {"email": "colleague@demo.example"})
    code = Message.objects.filter(kind="sign-in-code").latest("pk").facts["code"]
    welcome = client.post(reverse("account_confirm_login_code"), {"code": code})["Location"]
    assert statuses_of(registration.attendee) == [Status.CONFIRMED]
    introduced = client.post(welcome, {"name": "Demo Colleague", "unit": unit.pk, "audience": "STAFF"})

    assert introduced["Location"] == registration.session.get_absolute_url()


def test_a_colleague_who_is_signed_in_already_is_asked_who_they_are_if_it_matters(client):
    registration = invited()
    Session.objects.filter(pk=registration.session_id).update(audiences=("STAFF",))
    client.force_login(registration.attendee)

    by_mail = client.post(link_of(registration), {"answer": "yes"})
    on_the_page = post(client, "accept", registration.key)

    assert by_mail["Location"] == reverse("registrations:welcome")
    assert on_the_page["Location"].startswith(reverse("registrations:welcome"))
    assert statuses_of(registration.attendee) == [Status.OFFERED]


def test_a_colleagues_yes_on_the_device_of_somebody_else_gives_them_nothing(client):
    registration, reader = invited(), signed_in(client)

    response = client.post(link_of(registration), {"answer": "yes"}, follow=True)

    assert "Sign out first" in response.text
    assert statuses_of(reader) == []
    assert statuses_of(registration.attendee) == [Status.OFFERED]


def test_a_colleague_whom_we_know_says_yes_without_signing_in(client):
    known = make_person()
    registration = invited(known.email)

    client.post(link_of(registration), {"answer": "yes"})

    assert statuses_of(known) == [Status.CONFIRMED]


def test_a_colleague_it_is_not_for_is_told_so(client):
    known = make_person(audience="STUDENT")
    registration = invited(known.email, audiences=("STAFF",))

    response = client.post(link_of(registration), {"answer": "yes"})

    assert response.status_code == 409
    assert "for another group" in response.text
    assert statuses_of(known) == [Status.OFFERED]


def test_the_page_of_an_offer_that_was_accepted_elsewhere_says_so(client):
    registration = offer_to(make_person())
    offers.accept_offer(registration_key=registration.key, actor=registration.attendee, now=NOW)

    assert "You have a seat" in client.get(link_of(registration)).text


def test_a_yes_is_confirmed_on_my_sessions_and_can_be_undone(client):
    registration = offer_to(signed_in(client))

    response = client.post(f"/my/{registration.key}/accept/", {"next": "/my/"}, follow=True)

    text = text_of(response)
    assert '<p class="notice-title">You have a seat.</p>' in text
    assert text.count("</svg>Undo") == 2


def test_a_yes_from_the_mail_can_be_undone_on_the_same_page(client):
    registration = offer_to(make_person())
    link = link_of(registration)

    said = text_of(client.post(link, {"answer": "yes"}, follow=True))
    undone = client.post(link, {"undo": "1"}, follow=True)
    before = everything()
    again = client.post(link, {"undo": "1"}, follow=True)

    assert "</svg>Undo" in said
    assert statuses_of(registration.attendee) == []
    assert (undone.status_code, again.status_code) == (200, 200)
    assert everything() == before


def test_a_yes_from_the_mail_cannot_be_undone_later(client):
    registration = offer_to(make_person())
    client.post(link_of(registration), {"answer": "yes"})

    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        page = text_of(client.post(link_of(registration), {"undo": "1"}, follow=True))

    assert "</svg>Undo" not in page
    assert statuses_of(registration.attendee) == [Status.CONFIRMED]


def test_the_link_of_an_offer_that_ran_out_with_nobody_waiting_offers_the_free_seat(client):
    registration = offer_to(make_person())

    with time_machine.travel(TOO_LATE, tick=False):
        waitlist.settle(event=registration.session.event, now=TOO_LATE)
        page = text_of(client.get(link_of(registration)))

    assert "We are no longer holding the seat for you." in page
    assert "somebody else" not in page
    assert "1 seat left" in page
    assert f'<a class="btn btn-primary" href="{registration.session.get_absolute_url()}">Take a seat</a>' in page


def test_the_link_of_an_offer_that_ran_out_with_others_waiting_offers_to_wait(client):
    registration = offer_to(make_person())
    for _ in range(2):
        take(registration.session, make_person())

    with time_machine.travel(TOO_LATE, tick=False):
        waitlist.settle(event=registration.session.event, now=TOO_LATE)
        page = text_of(client.get(link_of(registration)))

    assert "Full – waiting list open" in page
    assert "Join the waiting list</a>" in page


def test_no_to_an_offer_claims_nothing_about_the_seat(client):
    registration = offer_to(make_person())

    page = text_of(client.post(link_of(registration), {"answer": "no"}))

    assert "Thank you for telling us" in page
    assert "We are no longer holding the seat for you." in page
