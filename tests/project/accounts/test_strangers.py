"""Accounts of addresses that never used their code are deleted, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from project.accounts.enums import RoleKind
from project.accounts.models import User
from project.accounts.services import people, strangers
from project.outbox.models import Message
from registrations.models import Interest
from registrations.services.attending import booking
from tests.factories import NOW, give_role, make_event, make_session

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def admitted(address="unknown@demo.example"):
    return people.admit(address=address, language="en", now=NOW)


def test_an_address_that_never_used_its_code_is_deleted(client):
    client.post(reverse("account_login"), {"email": "unknown@demo.example"})
    assert Message.objects.count() == 1

    gone = strangers.forget_strangers(now=timezone.now() + timedelta(hours=2))

    assert (gone, User.objects.count(), Message.objects.count()) == (1, 0, 0)


def test_an_address_whose_code_still_works_is_kept(client):
    client.post(reverse("account_login"), {"email": "unknown@demo.example"})

    assert strangers.forget_strangers(now=timezone.now() + timedelta(minutes=20)) == 0
    assert User.objects.count() == 1


def seat(person):
    booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)


def introduce(person):
    people.introduce(person=person, name="Ann", unit=None, audience="STAFF")


def sign_in(person):
    User.objects.filter(pk=person.pk).update(last_login=NOW)


def lead(person):
    give_role(person, RoleKind.HOST, session=make_session())


def name_on_an_event(person):
    make_event(is_discreet=True).coordinators.add(person)


def ask_for_dates(person):
    Interest.objects.create(person=person, event=make_event(), created_at=NOW)


def write_to(person):
    Message.objects.create(kind="notice", recipient=person, created_at=NOW, due_at=NOW)


@pytest.mark.parametrize("known", [introduce, sign_in, lead, name_on_an_event, ask_for_dates, write_to])
def test_people_with_any_trace_are_kept(known):
    person = admitted()
    known(person)

    assert strangers.forget_strangers(now=LATER) == 0
    assert User.objects.filter(pk=person.pk).exists()


def test_known_and_unknown_addresses_cost_the_same_statements(client, django_assert_num_queries):
    admitted("known@demo.example")

    for address in ("known@demo.example", "unknown@demo.example"):
        with django_assert_num_queries(2):
            people.admit(address=address, language="en", now=NOW)
