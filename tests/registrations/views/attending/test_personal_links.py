from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from events.models import Event, Session
from registrations.models import AccessLink
from registrations.services.organizing import personal_links
from tests.factories import NOW, make_event, make_organizer, make_person, make_session
from tests.registrations.support.screens import state, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def person():
    return make_person(email="somebody@demo.example")


@pytest.fixture
def link(person):
    session = make_session(is_unlisted=True, event=make_event(title_en="Quiet talk", audiences=("STUDENT",)))
    return personal_links.grant(session_key=session.key, addresses=[person.email], actor=make_organizer(), now=NOW)[0]


def address_of(link):
    return reverse("registrations:access_link", args=[link.key])


def test_link_says_whose_it_is_without_the_address(client, link):
    page = text_of(client.get(address_of(link)))

    assert "s•••@demo.example" in page
    assert "somebody" not in page
    assert "Quiet talk" in page
    assert f"?next={address_of(link)}" in page


def test_link_opens_the_date_for_its_owner(client, link, person):
    client.force_login(person)

    response = client.get(address_of(link), follow=True)

    assert response.redirect_chain == [(link.session.get_absolute_url(), 302)]
    assert response.context["row"].can_sign_up


def test_link_admits_nobody_else(client, link):
    client.force_login(make_person())

    assert "You are signed in with another address." in text_of(client.get(address_of(link)))
    assert client.get(link.session.get_absolute_url()).status_code == 404


def test_link_after_the_start_explains_that_nothing_is_lost(client, link, person):
    client.force_login(person)

    with time_machine.travel(link.session.starts_at, tick=False):
        client.force_login(person)
        response = client.get(address_of(link))

    assert response.status_code == 200
    assert "This link has expired" in text_of(response)
    assert reverse("registrations:my_sessions") in text_of(response)


def test_link_to_a_discreet_date_says_nothing_before_signing_in(client, link):
    Event.objects.update(is_discreet=True)

    assert "Quiet talk" not in text_of(client.get(address_of(link)))


def test_link_to_a_cancelled_date_says_so(client, link):
    Session.objects.update(status="CANCELLED")

    assert "This session was cancelled." in text_of(client.get(address_of(link)))


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_link_to_what_nobody_may_read_is_not_found(client, link, person, status):
    Event.objects.update(status=status)
    client.force_login(person)

    assert client.get(address_of(link)).status_code == 404


def test_link_that_was_taken_back_is_not_found(client, link):
    personal_links.revoke(link_key=link.key, actor=make_organizer())

    assert client.get(address_of(link)).status_code == 404
    assert client.get(reverse("registrations:access_link", args=[uuid4()])).status_code == 404


def test_opening_a_link_changes_nothing(client, link, person):
    client.force_login(person)
    before = [*state(), list(AccessLink.objects.values())]

    assert client.post(address_of(link)).status_code == 405
    client.get(address_of(link))

    assert [*state()[:3], list(AccessLink.objects.values())] == [*before[:3], before[4]]
