from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core import signing
from django.urls import reverse

from project.accounts.enums import AddressPurpose, CalendarPreference, RoleKind
from project.accounts.models import PendingAddress
from project.outbox.models import Message
from registrations.emails.links import ADDRESS_LINK_SALT, CANCEL_LINK_SALT
from registrations.services.attending import address_changes
from tests.factories import NOW, give_role, make_person, make_session
from tests.registrations.support.screens import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = "/my/preferences/"
ADDRESS = "/my/preferences/address/"
PRIVATE = "/my/preferences/private-address/"
CHOICES = {"calendar": "FEED", "language": "nl", "wants_discreet_reminders": "on"}


@pytest.fixture
def person(client):
    person = make_person(email="me@demo.example")
    client.force_login(person)
    return person


def link_for(pending, salt=ADDRESS_LINK_SALT):
    return reverse("registrations:confirm_address", args=[signing.Signer(salt=salt).sign(pending.key.hex)])


def chosen(person):
    person.refresh_from_db()
    return person.calendar_preference, person.language, person.wants_discreet_reminders, person.private_email


def test_the_page_says_what_each_choice_means(client, person):
    response = client.get(PAGE)

    page = text_of(response)
    assert "An invitation in the email. It updates itself, and declining it gives your seat back." in page
    assert "Only the calendar I subscribed to." in page
    assert "Some people have an assistant or a delegate who can read their mailbox at work." in page
    assert "Now it is <strong>me@demo.example</strong>" in page
    assert "no-store" in response["Cache-Control"]


def test_my_sessions_leads_there(client, person):
    assert f'href="{PAGE}"' in text_of(client.get("/my/"))


@pytest.mark.parametrize("path", [PAGE, "/my/preferences/confirm/x/"])
def test_a_stranger_signs_in_first(client, path):
    response = client.get(path)

    assert response.url == f"{reverse('account_login')}?next={path}"


def test_preferences_are_saved(client, person):
    page = text_of(client.post(PAGE, CHOICES, follow=True))

    assert "Saved. Emails from now on follow it." in page
    assert chosen(person) == (CalendarPreference.FEED, "nl", True, "")


def test_a_reminder_once_wanted_can_be_given_up(client, person):
    client.post(PAGE, CHOICES)

    client.post(PAGE, {"calendar": "NONE", "language": "en"})

    assert chosen(person) == (CalendarPreference.NONE, "en", False, "")


@pytest.mark.parametrize("wrong", [{"calendar": "PIGEON"}, {"language": "xx"}, {"calendar": ""}])
def test_a_choice_that_does_not_exist_stands_beside_the_field(client, person, wrong):
    response = client.post(PAGE, CHOICES | wrong)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "invalid-feedback" in text_of(response)
    assert chosen(person) == (CalendarPreference.INVITE, "en", False, "")


@pytest.mark.parametrize(
    ("path", "field", "address", "words"),
    [
        (ADDRESS, "account-address", "no address", "Enter a valid email address."),
        (ADDRESS, "account-address", "", "This field is required."),
        (ADDRESS, "account-address", "me@demo.example", "We write to this address already."),
        (ADDRESS, "account-address", "me@home.example", "Use an address of the university here."),
        (PRIVATE, "private-address", "me@demo.example", "We write to this address already."),
    ],
)
def test_an_address_that_will_not_do_stands_beside_its_field(client, person, path, field, address, words):
    response = client.post(path, {field: address})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text_of(response)
    assert f'name="{field}" value="{address}"' in text_of(response) or not address
    assert not Message.objects.exists()


@pytest.mark.parametrize(("path", "field"), [(ADDRESS, "account-address"), (PRIVATE, "private-address")])
def test_an_address_is_confirmed_by_the_link_in_the_mail(client, person, path, field):
    asked = text_of(client.post(path, {field: "new@demo.example"}, follow=True))
    pending = PendingAddress.objects.get()

    page = text_of(client.get(link_for(pending)))
    before = chosen(person), person.email
    done = text_of(client.post(link_for(pending), follow=True))

    assert "We have sent an email to that address." in asked
    assert "new@demo.example" in page
    assert before == (("INVITE", "en", False, ""), "me@demo.example")
    assert "Done." in done  # and still signed in here
    person.refresh_from_db()
    assert "new@demo.example" in {person.email, person.private_email}


def test_a_private_address_can_be_removed(client, person):
    person.private_email = "me@home.example"
    person.save()

    shown = text_of(client.get(PAGE))
    removed = text_of(client.post(PRIVATE, {"remove": "1"}, follow=True))

    assert "me@home.example" in shown
    assert "me@home.example" not in removed
    assert chosen(person)[-1] == ""


def test_a_link_of_somebody_else_is_over(client, person):
    pending = address_changes.request_change(
        person=make_person(), purpose=AddressPurpose.DISCREET, address="me@home.example", now=NOW
    )

    answers = [client.get(link_for(pending)), client.post(link_for(pending))]

    assert [answer.status_code for answer in answers] == [HTTPStatus.GONE] * 2
    assert "me@home.example" not in text_of(answers[0])
    assert PendingAddress.objects.exists()


@pytest.mark.parametrize("salt", [CANCEL_LINK_SALT, "forged"])
def test_a_forged_link_is_not_found(client, person, salt):
    pending = address_changes.request_change(
        person=person, purpose=AddressPurpose.DISCREET, address="me@home.example", now=NOW
    )

    assert client.post(link_for(pending, salt)).status_code == HTTPStatus.NOT_FOUND
    assert chosen(person)[-1] == ""


def test_only_people_who_lead_sessions_are_asked_to_be_named(client, person):
    assert "When you lead a session" not in client.get(PAGE).text
    give_role(person, RoleKind.HOST, session=make_session())
    assert "When you lead a session" in client.get(PAGE).text

    client.post(f"{PAGE}host/", {"host-is_named_as_host": "on", "host-host_line_en": " Teaches  mechanics. "})

    person.refresh_from_db()
    assert (person.is_named_as_host, person.host_line_en, person.host_line_nl) == (True, "Teaches mechanics.", "")
    client.post(f"{PAGE}host/", {})
    person.refresh_from_db()
    assert (person.is_named_as_host, person.host_line_en) == (False, "")


def test_a_line_that_is_too_long_stands_beside_its_field(client, person):
    give_role(person, RoleKind.HOST, session=make_session())

    page = client.post(f"{PAGE}host/", {"host-host_line_en": "x" * 161})

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'aria-invalid="true"' in page.text
