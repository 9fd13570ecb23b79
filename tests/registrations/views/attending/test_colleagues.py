from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from project.accounts.models import User
from registrations.emails import offer_link
from registrations.enums import Status
from registrations.models import Registration
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import LONGER_IN_LOWER_CASE, text_of
from tests.registrations.support.seats.offered import everything, full_session, post, signed_in, take
from tests.registrations.support.seats.seat_views import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ASKED = "Invitation sent."


def ask(client, session, address="colleague@demo.example"):
    return client.post(reverse("registrations:colleague", args=[session.key]), {"address": address}, follow=True)


def without_tokens(response):
    """Without what is different in any case: tokens, keys of invitations and the address that was typed."""
    varying = r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|/my/invitations/[\w-]+|[\w.]+@demo\.example'
    return re.sub(varying, "", text_of(response))


def test_somebody_with_a_seat_may_ask_a_colleague_along(client):
    session = make_session()
    take(session, signed_in(client))
    assert "Bring a colleague" in client.get(session.get_absolute_url()).text

    response = ask(client, session)

    assert ASKED in response.text
    assert Registration.objects.get(status=Status.OFFERED).attendee.email == "colleague@demo.example"


def test_with_three_invitations_open_there_may_be_no_more(client):
    session = make_session(capacity=9)
    take(session, signed_in(client))

    asked = [ask(client, session, f"colleague{number}@demo.example") for number in range(3)]
    refused = ask(client, session, "colleague9@demo.example")

    assert 'name="address"' not in asked[-1].text
    assert refused.status_code == 422
    assert "You can have three invitations open" in refused.text
    assert Registration.objects.filter(status=Status.OFFERED).count() == 3


def test_the_answer_tells_nothing_about_the_colleague(client):
    session, comes, free = make_session(capacity=9), make_person(), make_person()
    inviter = signed_in(client)
    take(session, inviter)
    take(session, comes)
    addresses = [comes.email, free.email]

    pages = []
    for address in addresses:
        with undone():
            pages.append(without_tokens(ask(client, session, address)))

    assert all(ASKED in page for page in pages)
    assert len(set(pages)) == 1


def test_asking_oneself_is_said_so(client):
    session, inviter = make_session(), signed_in(client)
    take(session, inviter)
    before = everything()

    response = ask(client, session, inviter.email)

    assert response.status_code == 422
    assert "That is you" in response.text
    assert everything() == before


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b", "x" * 300 + "@demo.example", "a@demo.example\r\nBcc: b@c.de", LONGER_IN_LOWER_CASE],
)
def test_a_bad_address_is_said_beside_the_field(client, address):
    session = make_session()
    take(session, signed_in(client))
    before = everything()

    response = ask(client, session, address)

    assert response.status_code == 422
    assert response.context["form"].errors["address"]
    assert everything() == before


def test_without_a_seat_there_is_no_form_and_nobody_is_asked(client):
    session = make_session()
    signed_in(client)
    before = everything()
    assert "Bring a colleague" not in client.get(session.get_absolute_url()).text

    response = ask(client, session)

    assert response.status_code == 422
    assert "Take a seat yourself first" in response.text
    assert everything() == before
    assert not User.objects.filter(email="colleague@demo.example").exists()


@pytest.mark.parametrize(
    "overrides",
    [
        {"starts_at": NOW + timedelta(hours=28)},
        {"capacity": 1},
        {"event": {"is_discreet": True}},
        {"event": {"needs_approval": True}},
    ],
)
def test_where_it_is_not_possible_there_is_no_form(client, overrides):
    event = make_event()
    session = make_session(**{**overrides, "event": event})
    person = signed_in(client)
    take(session, person)
    for field, value in overrides.get("event", {}).items():
        setattr(event, field, value)
    event.save()
    before = everything()

    assert 'name="address"' not in client.get(session.get_absolute_url()).text
    assert ask(client, session).status_code == 422
    assert everything() == before


def test_while_people_wait_there_is_no_form(client):
    session = full_session()
    owner = Registration.objects.get(session=session).attendee
    take(session, make_person())
    client.force_login(owner)

    assert 'name="address"' not in client.get(session.get_absolute_url()).text
    assert "People are waiting for this date" in ask(client, session).text


def test_somebody_who_is_not_signed_in_asks_nobody(client):
    session = make_session()

    response = post(client, "colleague", session.key, address="colleague@demo.example")

    assert response["Location"].startswith(reverse("account_login"))
    assert not Registration.objects.exists()


def test_an_unknown_or_hidden_session_is_not_there(client):
    signed_in(client)
    hidden = make_session(is_unlisted=True)

    for key in (hidden.key, "00000000-0000-4000-8000-000000000000"):
        assert post(client, "colleague", key, address="colleague@demo.example").status_code == 404
    assert not Registration.objects.exists()


def test_open_invitations_are_listed_and_can_be_withdrawn(client):
    session = make_session(capacity=9)
    take(session, signed_in(client))
    assert "We’re holding a seat until Wednesday 4 March, 10:00." in ask(client, session).text
    claim = Registration.objects.get(status=Status.OFFERED)
    for page in ("/my/", session.get_absolute_url()):
        text = text_of(client.get(page))
        assert "colleague@demo.example" in text
        assert "can answer until Wednesday 4 March, 10:00" in text

    response = client.post(
        reverse("registrations:withdraw_invitation", args=[claim.key]), {"next": "/my/"}, follow=True
    )

    assert response.redirect_chain == [("/my/", 302)]
    assert "The invitation is withdrawn." in response.text
    assert "colleague@demo.example" not in response.text
    claim.refresh_from_db()
    assert claim.status == Status.CANCELLED
    offer = client.get(urlsplit(offer_link(claim)).path).text
    assert "has withdrawn the invitation" in offer
    assert "Yes, I’ll come" not in offer


def test_an_invitation_of_somebody_else_is_not_there(client):
    session, other = make_session(capacity=9), Client()
    take(session, signed_in(other))
    ask(other, session)
    claim, address = Registration.objects.get(status=Status.OFFERED), "registrations:withdraw_invitation"
    signed_in(client)

    assert client.post(reverse(address, args=[claim.key])).status_code == 404
    assert client.get(reverse(address, args=[claim.key])).status_code == 405
    claim.refresh_from_db()
    assert claim.status == Status.OFFERED
