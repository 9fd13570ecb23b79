from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from events.models import Session
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking, swaps, wishes
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_unit
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import (
    SOON,
    everything,
    full_session,
    offer_to,
    post,
    signed_in,
    statuses_of,
    take,
    two_dates,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(client, thing):
    return text_of(client.get(thing.get_absolute_url()))


def test_waiting_for_several_dates_is_one_step(client):
    first, second = two_dates()
    person = signed_in(client)

    response = client.post(
        reverse("registrations:wait", args=[first.event.slug]), {"dates": [first.key, second.key]}, follow=True
    )

    assert response.redirect_chain == [(first.event.get_absolute_url(), 302)]
    assert statuses_of(person) == [Status.WAITLISTED, Status.WAITLISTED]
    assert text_of(response).count("· number 1") == 2


def test_no_date_ticked_leaves_the_list(client):
    first, second = two_dates()
    person = signed_in(client)
    for session in (first, second):
        take(session, person)

    response = client.post(reverse("registrations:wait", args=[first.event.slug]), follow=True)

    assert statuses_of(person) == []
    assert "You are off the waiting list." in response.text


def test_any_date_waits_also_for_new_ones(client):
    first, _ = two_dates()
    person = signed_in(client)

    response = client.post(reverse("registrations:wait", args=[first.event.slug]), {"any": "1"}, follow=True)

    assert Registration.objects.filter(attendee=person, wants_any_date=True).count() == 2
    assert "Also for dates that are added later." in response.text


def test_any_date_in_one_language_waits_only_for_those(client):
    first, second = two_dates()
    third = full_session(event=first.event, starts_at=NOW + timedelta(days=14))
    Session.objects.filter(pk=first.pk).update(language="nl")
    person = signed_in(client)

    response = post_any(client, first.event, language="en")

    assert set(Registration.objects.filter(attendee=person).values_list("session", flat=True)) == {second.pk, third.pk}
    assert "Also for dates in English that are added later." in response.text
    assert '<option value="en" selected>' in response.text


def post_any(client, event, **data):
    return client.post(reverse("registrations:wait", args=[event.slug]), {"any": "1", **data}, follow=True)


def test_only_the_button_that_says_so_takes_the_first_seat(client):
    full, _ = two_dates()
    free = make_session(event=full.event, starts_at=NOW + timedelta(days=20))
    person = signed_in(client)

    assert post_any(client, full.event).status_code == 409
    assert statuses_of(person) == []
    assert "Give me the first free seat" in page(client, full.event)
    response = post_any(client, full.event, first="1")

    assert Registration.objects.active().get(attendee=person).session == free
    assert "You have a seat." in response.text


def test_without_a_free_seat_no_button_promises_one(client):
    first, _ = two_dates()
    signed_in(client)

    assert "Give me the first free seat" not in page(client, first.event)


def test_the_form_shows_the_wish_as_it_is(client):
    first, second = two_dates()
    person = signed_in(client)
    take(second, make_person())
    take(second, person)

    text = page(client, first.event)

    assert f'value="{first.key}" id="date-1" >' in text
    assert f'value="{second.key}" id="date-2" checked>' in text
    assert "you are number 2" in text
    assert "Any date, including new ones" in text


def test_waiting_twice_is_once(client):
    first, second = two_dates()
    person = signed_in(client)

    for _ in range(2):
        client.post(reverse("registrations:wait", args=[first.event.slug]), {"dates": [first.key, second.key]})

    assert statuses_of(person) == [Status.WAITLISTED, Status.WAITLISTED]


@pytest.mark.parametrize("data", [{"dates": ["tomorrow"]}, {"dates": ["x" * 40]}, {"dates": ["\x00"]}])
def test_dates_that_are_no_keys_are_not_there(client, data):
    first, _ = two_dates()
    signed_in(client)
    before = everything()

    assert client.post(reverse("registrations:wait", args=[first.event.slug]), data).status_code == 404
    assert everything() == before


def test_a_date_of_another_event_is_refused(client):
    first, _ = two_dates()
    elsewhere = full_session()
    signed_in(client)
    before = everything()

    response = client.post(reverse("registrations:wait", args=[first.event.slug]), {"dates": [elsewhere.key]})

    assert response.status_code == 409
    assert "belongs to something else" in response.text
    assert everything() == before


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_the_list_of_a_hidden_event_is_not_there(client, status):
    signed_in(client)
    event = make_event(status=status)

    assert client.post(reverse("registrations:wait", args=[event.slug]), {"any": "1"}).status_code == 404


def test_somebody_who_is_not_signed_in_comes_back_to_the_dates(client):
    first, _ = two_dates()
    before = everything()

    response = client.post(reverse("registrations:wait", args=[first.event.slug]), {"any": "1"})

    assert response["Location"] == f"{reverse('account_login')}?next=%2Fevents%2F{first.event.slug}%2F%23wait"
    assert everything() == before
    assert 'name="adds" value="1"' in page(client, first.event)
    assert client.session["pending_sign_up"]["answers"] == {
        "any": True,
        "first": False,
        "adds": True,
        "language": "",
        "dates": [],
    }


def test_somebody_whose_group_matters_says_who_they_are_first(client):
    first, _ = two_dates()
    Session.objects.filter(pk=first.pk).update(audiences=("STUDENT",))
    signed_in(client, name="", unit=None, audience="")
    before = everything()

    response = client.post(reverse("registrations:wait", args=[first.event.slug]), {"any": "1"})

    assert response["Location"].startswith(reverse("registrations:welcome"))
    assert everything() == before


def test_opening_the_addresses_changes_nothing(client):
    first, _ = two_dates()
    registration = take(first, signed_in(client))

    addresses = [
        reverse("registrations:wait", args=[first.event.slug]),
        reverse("registrations:wait_for_date", args=[first.key]),
        reverse("registrations:swap", args=[registration.key]),
        reverse("registrations:choose", args=[first.event.slug]),
    ]

    assert [client.get(address).status_code for address in addresses] == [405] * 4


def test_the_button_of_a_full_date_waits_for_it(client):
    session, person = full_session(), signed_in(client)
    assert "Join the waiting list" in page(client, session)

    response = post(client, "wait_for_date", session.key)

    assert response["Location"] == session.get_absolute_url()
    assert statuses_of(person) == [Status.WAITLISTED]
    assert "You are number 1 for this date." in page(client, session)


def test_the_wish_for_one_date_survives_signing_in(client):
    session = full_session()

    response = post(client, "wait_for_date", session.key)

    assert response["Location"] == reverse("account_login")
    assert client.session["pending_sign_up"]["key"] == str(session.key)


@pytest.mark.parametrize("key", ["00000000-0000-4000-8000-000000000000"])
def test_an_unknown_date_is_not_there(client, key):
    signed_in(client)

    assert post(client, "wait_for_date", key).status_code == 404


def test_an_unlisted_date_is_not_there(client):
    session = full_session()
    session.is_unlisted = True
    session.save()
    signed_in(client)
    before = everything()

    assert post(client, "wait_for_date", session.key).status_code == 404
    assert client.get(session.get_absolute_url()).status_code == 404
    assert str(session.key) not in page(client, session.event)
    assert everything() == before


def test_a_seat_moves_to_a_free_date_in_one_click(client):
    event, person = make_event(), signed_in(client)
    here, there = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=12))
    held = take(here, person)
    assert "Move my seat here" in page(client, event)

    response = post(client, "swap", held.key, session=there.key)

    assert response["Location"] == there.get_absolute_url()
    assert Registration.objects.active().get().session == there
    moved = page(client, there)
    assert "Moved from <time" in moved
    own = Registration.objects.get(session=there)
    assert f'action="/my/{own.key}/undo-swap/"' in moved
    assert "as long as your old seat is still free" in moved
    assert "Moved from <time" in text_of(client.get("/my/"))


def test_the_page_says_before_a_swap_how_long_it_can_be_undone(client):
    event, person = make_event(), signed_in(client)
    here, _ = take(make_session(event=event), person), make_session(event=event, starts_at=NOW + timedelta(days=12))

    assert "For 15 minutes you can undo the swap, as long as your old seat is still free." in page(client, here.session)


def test_undo_of_a_swap_leads_to_the_page_of_the_seat_that_is_held_now(client):
    event, person = make_event(), signed_in(client)
    here, there = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=12))
    held = take(here, person)

    moved = post(client, "swap", held.key, session=there.key, next=f"/my/{held.key}/")
    new = Registration.objects.active().get()
    back = post(client, "undo_swap", new.key, next=f"/my/{new.key}/")

    seat = Registration.objects.active().get()
    assert (moved["Location"], back["Location"]) == (f"/my/{new.key}/", f"/my/{seat.key}/")
    assert seat.session == here
    assert "Moved from <time" in text_of(client.get(f"/my/{seat.key}/"))


def test_undo_of_a_swap_says_when_the_old_seat_is_gone(client):
    event, person = make_event(), signed_in(client)
    here, there = make_session(event=event, capacity=1), make_session(event=event, starts_at=NOW + timedelta(days=12))
    moved = swaps.swap(
        registration_key=take(here, person).key, session_key=there.key, attendee=person, now=NOW - timedelta(minutes=1)
    )
    take(here, make_person())
    before = everything()

    response = post(client, "undo_swap", moved.key)

    assert response.status_code == 409
    assert "No seat is free on your old date any more" in text_of(response)
    assert everything() == before
    client.force_login(make_person())
    assert post(client, "undo_swap", moved.key).status_code == 404


def test_a_seat_is_kept_while_a_full_date_is_waited_for(client):
    event, person = make_event(), signed_in(client)
    here, there = make_session(event=event), full_session(event=event, starts_at=NOW + timedelta(days=12))
    held = take(here, person)
    assert "Wait for this date" in page(client, there)

    post(client, "swap", held.key, session=there.key)

    assert statuses_of(person) == [Status.CONFIRMED, Status.WAITLISTED]
    assert "You keep your seat on <time" in page(client, there)
    assert "Tick the dates you would rather come" in page(client, event)


def test_the_page_of_a_seat_offers_the_other_dates(client):
    event, person = make_event(), signed_in(client)
    here, free = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=12))
    full = full_session(event=event, starts_at=NOW + timedelta(days=13))
    held = take(here, person)

    for text in (page(client, here), text_of(client.get("/my/"))):
        assert "Swap date" in text
        assert text.count(f'action="/my/{held.key}/swap/"') == 2
        assert "2 seats left" in text
        assert "Full – waiting list open" in text
        assert str(free.key) in text
        assert str(full.key) in text


def test_somebody_elses_seat_cannot_be_moved(client):
    event, (owner, _) = make_event(), make_people(2)
    here, there = make_session(event=event), make_session(event=event, starts_at=NOW + timedelta(days=12))
    held = take(here, owner)
    signed_in(client)
    before = everything()

    assert post(client, "swap", held.key, session=there.key).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("there", ["", "tomorrow", "00000000-0000-4000-8000-000000000000"])
def test_a_seat_does_not_move_to_what_is_not_there(client, there):
    held = take(make_session(), signed_in(client))
    before = everything()

    assert post(client, "swap", held.key, session=there).status_code == 404
    assert everything() == before


def test_a_seat_does_not_move_to_another_event(client):
    held, elsewhere = take(make_session(), signed_in(client)), make_session()
    before = everything()

    response = post(client, "swap", held.key, session=elsewhere.key)

    assert response.status_code == 409
    assert everything() == before


def test_somebody_who_is_not_signed_in_moves_nothing(client):
    held = take(make_session(), make_person())

    response = post(client, "swap", held.key, session=held.session.key)

    assert response["Location"].startswith(reverse("account_login"))


def test_a_seat_of_a_date_that_has_begun_is_not_moved(client):
    event, person = make_event(), signed_in(client)
    here = make_session(event=event, starts_at=NOW - timedelta(hours=1))
    there = make_session(event=event, starts_at=NOW + timedelta(days=12))
    booking.sign_up(session_key=here.key, attendee=person, now=NOW - timedelta(days=1))
    before = everything()

    assert "Move my seat here" not in page(client, event)
    for name, key, data in (
        ("wait", event.slug, {"dates": [there.key]}),
        ("wait_for_date", there.key, {}),
        ("wait", event.slug, {"any": "1"}),
    ):
        assert post(client, name, key, **data).status_code == 409
    assert everything() == before


def test_an_open_seat_is_for_whoever_takes_it(client):
    session, person = full_session(starts_at=SOON), signed_in(client)
    take(session, person)
    seat = Registration.objects.get(status="CONFIRMED")
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    for text in (page(client, session), page(client, session.event), text_of(client.get("/my/"))):
        assert "A seat is free. First come, first served." in text
        assert "Take the seat" in text
    post(client, "sign_up", session.key)

    assert statuses_of(person) == [Status.CONFIRMED]


def test_the_promotion_table_stands_where_people_wait(client):
    session, person = full_session(), signed_in(client)
    take(session, person)

    for text in (page(client, session), page(client, session.event), text_of(client.get("/my/"))):
        assert "When a seat comes free, it is yours and we email you. Close to the date we ask you first." in text


def test_a_wish_for_one_date_more_keeps_the_others_and_the_moment():
    (first, second), person = two_dates(), make_person()
    joined = take(first, person)

    added = wishes.wait_for(session_key=second.key, attendee=person, now=NOW + timedelta(hours=1))

    assert statuses_of(person) == [Status.WAITLISTED, Status.WAITLISTED]
    assert added.waitlisted_at == joined.waitlisted_at
    assert wishes.wait_for(session_key=second.key, attendee=person, now=NOW + timedelta(hours=2)) == added


def test_a_wish_beside_a_seat_replaces_it_when_its_turn_comes():
    event, person = make_event(), make_person()
    held = take(make_session(event=event), person)
    full = full_session(event=event, starts_at=NOW + timedelta(days=12))

    wish = wishes.wait_for(session_key=full.key, attendee=person, now=NOW)

    assert (wish.status, wish.replaces) == (Status.WAITLISTED, held)


def test_two_people_who_want_each_others_date_are_exchanged(client):
    event, person, other = make_event(), signed_in(client), make_person(unit=make_unit())
    here = make_session(event=event, capacity=1)
    there = make_session(event=event, capacity=1, starts_at=NOW + timedelta(days=12))
    mine, theirs = take(here, person), take(there, other)
    swaps.swap(registration_key=theirs.key, session_key=here.key, attendee=other, now=NOW)

    post(client, "swap", mine.key, session=there.key)

    assert Registration.objects.active().get(attendee=person).session == there
    assert Registration.objects.active().get(attendee=other).session == here


def test_an_offer_rests_the_other_wishes_on_the_page_too(client):
    event, person = make_event(), signed_in(client)
    later = full_session(event=event, starts_at=NOW + timedelta(days=12))
    wish = take(later, person)
    offer_to(person, event=event)

    text = text_of(client.get(reverse("registrations:my_registration", args=[wish.key])))

    assert "Until you answer, your other dates are on hold" in text
