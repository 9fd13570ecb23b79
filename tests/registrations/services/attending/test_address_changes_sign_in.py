"""Who gets into an account when its address changes: no code for the former one, and no account of somebody else is
taken over.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import ManyToOneRel
from django.test import Client

from project.accounts.enums import AddressPurpose, RoleKind
from project.accounts.models import User
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.models import AccessLink, Completion
from registrations.services.attending import address_changes, booking
from registrations.services.attending.address_changes import UnableToUseAddress
from tests.factories import NOW, give_role, make_event, make_person, make_session

pytestmark = pytest.mark.django_db

NEW = "new@demo.example"
LATER = NOW + timedelta(hours=1)
CODE_ASKED, CODE_TYPED = "/accounts/login/code/", "/accounts/login/code/confirm/"


def change_address(person):
    pending = address_changes.request_change(person=person, purpose=AddressPurpose.ACCOUNT, address=NEW, now=NOW)
    address_changes.confirm(key=str(pending.key), person=person, now=LATER)


def coordinate(person):
    make_event(is_discreet=True).coordinators.add(person)


def complete(person):
    Completion.objects.create(person=person, event=make_event(), completed_at=NOW)


def invite_somebody(person):
    AccessLink.objects.create(session=make_session(), created_by=person, created_at=NOW, expires_at=LATER)


def take_a_seat(person):
    booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)


def organize(person):
    give_role(person, RoleKind.ORGANIZER)


@pytest.mark.parametrize("become_somebody", [coordinate, complete, invite_somebody, organize, take_a_seat])
def test_confirm_takes_no_account_that_anything_names(become_somebody):
    person, other = make_person(), make_person(email=NEW)
    become_somebody(other)

    with pytest.raises(UnableToUseAddress) as refusal:
        change_address(person)

    assert refusal.value.code == "taken"
    assert User.objects.get(email=NEW) == other


def test_of_everything_that_names_a_person_it_is_decided_whether_it_may_go_with_an_empty_account():
    relations = [field for field in User._meta.get_fields(include_hidden=True) if isinstance(field, ManyToOneRel)]

    stays = {relation.field.model for relation in relations} - set(address_changes.MAY_GO)

    assert {model._meta.label for model in stays} == {
        "accounts.Role",
        "events.Event_coordinators",
        "registrations.AccessLink",
        "registrations.Completion",
        "registrations.CoordinatorChange",
        "registrations.CoordinatorChange_after",
        "registrations.CoordinatorChange_before",
        "registrations.Interest",
        "registrations.Invite",
        "registrations.Notice",
        "registrations.Registration",
        "registrations.RegistrationLog",
        "registrations.CustomText",
    }


def ask_for_a_code(client, address):
    client.post(CODE_ASKED, {"email": address})
    return Message.objects.filter(kind="sign-in-code").latest("pk").facts["code"]


@pytest.mark.parametrize("action", ["verify", "resend"])
def test_a_code_for_the_former_address_is_over(action):
    """Who reads the old mailbox asked for it before the address changed, in another browser."""
    person, elsewhere = make_person(email="old@demo.example"), Client()
    code = ask_for_a_code(elsewhere, "Old@demo.example")

    change_address(person)
    sent = Message.objects.count()
    answer = elsewhere.post(CODE_TYPED, {"code": code, "action": action})

    assert (answer.status_code, answer["Location"]) == (302, CODE_ASKED)
    assert "_auth_user_id" not in elsewhere.session
    assert Message.objects.count() == sent


def test_a_code_for_the_new_address_is_over_where_its_empty_account_is_gone(client):
    person = make_person()
    code = ask_for_a_code(client, NEW)

    change_address(person)

    assert client.post(CODE_TYPED, {"code": code})["Location"] == CODE_ASKED
    assert "_auth_user_id" not in client.session


def test_the_new_address_signs_in(client):
    person = make_person()
    change_address(person)

    client.post(CODE_TYPED, {"code": ask_for_a_code(client, NEW)})

    assert client.session["_auth_user_id"] == str(person.pk)


def test_confirm_drops_the_codes_that_no_worker_has_sent():
    person, other = make_person(email="old@demo.example"), make_person()
    for address in (person.email, other.email):
        ask_for_a_code(Client(), address)

    change_address(person)

    dropped, kept = Message.objects.filter(kind="sign-in-code").order_by("pk")
    assert (dropped.status, dropped.facts) == (MessageStatus.DROPPED, {})
    assert kept.status == MessageStatus.PENDING
