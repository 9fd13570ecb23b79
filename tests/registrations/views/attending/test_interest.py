from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse

from registrations.emails.links import interest_link
from registrations.models import Interest
from registrations.services.attending import interest
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.screens import event_url, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_an_event_without_dates_offers_to_tell(client, person):
    event = make_event()

    page = text_of(client.get(event.get_absolute_url()))
    answer = text_of(client.post(event_url("interest", event), follow=True))

    assert "Shall we tell you when there are?" in page
    assert event_url("interest", event) in page
    assert Interest.objects.get().person == person
    assert "Done. We’ll send you one email when there are dates." in answer
    assert "Don’t email me" in answer


def test_interest_is_taken_back(client, person):
    event = make_event()
    interest.register_interest(event_key=event.key, person=person, now=NOW)

    answer = text_of(client.post(event_url("interest", event), {"stop": "1"}, follow=True))

    assert not Interest.objects.exists()
    assert "Tell me when there are dates" in answer


def test_visitors_sign_in_first_and_come_back(client):
    event = make_event()

    page = text_of(client.get(event.get_absolute_url()))
    response = client.post(event_url("interest", event))

    assert "Tell me when there are dates" in page
    assert response.url.startswith(reverse("account_login"))
    assert event.slug in response.url
    assert not Interest.objects.exists()


def test_an_event_with_dates_does_not_ask(client, person):
    event = make_session().event

    page = text_of(client.get(event.get_absolute_url()))
    answer = text_of(client.post(event_url("interest", event), follow=True))

    assert event_url("interest", event) not in page
    assert "There are dates now: here they are." in answer
    assert not Interest.objects.exists()


def test_an_event_whose_last_date_is_closed_offers_to_tell(client, person):
    event = make_session(closes_at=NOW - timedelta(hours=1)).event

    assert event_url("interest", event) in text_of(client.get(event.get_absolute_url()))


def test_a_cancelled_event_offers_nothing_and_refuses(client, person):
    event = make_event(status="CANCELLED")

    page = text_of(client.get(event.get_absolute_url()))
    response = client.post(event_url("interest", event))

    assert event_url("interest", event) not in page
    assert response.status_code == 409
    assert not Interest.objects.exists()


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_an_event_nobody_may_read_is_not_found(client, person, status):
    assert client.post(event_url("interest", make_event(status=status))).status_code == 404


def test_interest_is_only_posted(client, person):
    assert client.get(event_url("interest", make_event())).status_code == 405


# --- The link in the mail (RFC 8058) ---------------------------------------------------------------------------------


def link_of(event, person):
    return interest_link(event, person).removeprefix(settings.BASE_URL)


def test_the_link_in_the_mail_shows_one_button_and_changes_nothing(client):
    person, event = make_person(), make_event()
    interest.register_interest(event_key=event.key, person=person, now=NOW)

    response = client.get(link_of(event, person))

    assert response.status_code == 200
    assert "Don’t email me about this" in text_of(response)
    assert event.title not in text_of(response)
    assert Interest.objects.exists()


def test_a_mailbox_ends_the_interest_without_a_page_before_it():
    person, event, other = make_person(), make_event(), make_event()
    for each in (event, other):
        interest.register_interest(event_key=each.key, person=person, now=NOW)

    response = Client(enforce_csrf_checks=True).post(link_of(event, person), {"List-Unsubscribe": "One-Click"})
    again = Client(enforce_csrf_checks=True).post(link_of(event, person), {"List-Unsubscribe": "One-Click"})

    assert (response.status_code, again.status_code) == (200, 200)
    assert "We will not write to you about this" in text_of(response)
    assert [one.event for one in Interest.objects.all()] == [other]


def test_a_forged_link_and_that_of_another_action_end_nothing(client):
    person, event = make_person(), make_event()
    interest.register_interest(event_key=event.key, person=person, now=NOW)
    forged = link_of(event, person)[:-3] + "x/"
    signed_for_another = signing.Signer(salt="registrations.cancel").sign(f"{event.key.hex}.{person.key.hex}")

    answers = [
        client.post(forged).status_code,
        client.post(reverse("registrations:interest_link", args=[signed_for_another])).status_code,
    ]

    assert answers == [404, 404]
    assert Interest.objects.exists()
