from __future__ import annotations

import pytest

from events.services.refusals import UnableToChange
from project.accounts.models import User
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import AccessLink, Registration
from registrations.services.attending import booking
from registrations.services.organizing import personal_links
from registrations.services.refusals import UnableToRegister
from tests.factories import NOW, make_event, make_organizer, make_person, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_organizer()


@pytest.fixture
def session():
    return make_session(is_unlisted=True)


def grant(session, actor, *addresses, now=NOW):
    return personal_links.grant(session_key=session.key, addresses=addresses, actor=actor, now=now)


def state():
    return [list(model.objects.order_by("pk").values()) for model in (AccessLink, Message, User)]


def test_grant_makes_a_link_that_ends_at_the_start_and_mails_it(session, actor):
    person = make_person(language="nl")

    [link] = grant(session, actor, person.email)

    assert (link.address, link.expires_at, link.created_by) == (person.email, session.starts_at, actor)
    mail = Message.objects.get()
    assert (mail.kind, mail.subject_id, mail.recipient, mail.language) == ("access-granted", link.key, person, "nl")


def test_grant_to_an_unknown_address_makes_nobody_a_person_here(session, actor):
    before = User.objects.count()

    grant(session, actor, "stranger@elsewhere.example")

    mail = Message.objects.get()
    assert (mail.address, mail.recipient, mail.language) == ("stranger@elsewhere.example", None, actor.language)
    assert User.objects.count() == before


def test_grant_twice_keeps_the_link_and_mails_once(session, actor):
    [link] = grant(session, actor, "one@elsewhere.example")

    again = grant(session, actor, " ONE@elsewhere.example ", "two@elsewhere.example", "two@elsewhere.example")

    assert [given.address for given in again] == ["one@elsewhere.example", "two@elsewhere.example"]
    assert again[0] == link
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"is_unlisted": False}, "not-unlisted"),
        ({"status": "CANCELLED"}, "cancelled"),
        ({"starts_at": NOW}, "started"),
    ],
)
def test_grant_refuses(actor, overrides, code):
    session = make_session(**{"is_unlisted": True, **overrides})
    before = state()

    with pytest.raises(UnableToChange) as refusal:
        grant(session, actor, "one@elsewhere.example")

    assert refusal.value.code == code
    assert state() == before


def test_grant_refuses_for_a_draft(actor):
    session = make_session(is_unlisted=True, event=make_event(status="DRAFT"))

    with pytest.raises(UnableToChange, match="not-published"):
        grant(session, actor, "one@elsewhere.example")

    assert not AccessLink.objects.exists()


def test_grant_refuses_too_many_addresses_at_once(session, actor):
    with pytest.raises(UnableToChange) as refusal:
        grant(session, actor, *[f"person{number}@elsewhere.example" for number in range(201)])

    assert (refusal.value.code, refusal.value.field) == ("too-many", "addresses")
    assert not AccessLink.objects.exists()


@pytest.mark.parametrize("number", [1, 30])
def test_grant_costs_the_same_for_one_and_many(session, actor, number, django_assert_num_queries):
    addresses = [f"person{number}@elsewhere.example" for number in range(number)]

    with django_assert_num_queries(8):
        grant(session, actor, *addresses)


def test_a_link_admits_its_address_whatever_the_audience(actor):
    session = make_session(is_unlisted=True, event=make_event(audiences=("STUDENT",)))
    person, other = make_person(), make_person()
    grant(session, actor, person.email)

    taken = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert taken.status == Status.CONFIRMED
    with pytest.raises(UnableToRegister, match="not-published"):
        booking.sign_up(session_key=session.key, attendee=other, now=NOW)


def test_revoke_ends_the_link_and_nobody_loses_a_seat(session, actor):
    person, late = make_person(), make_person()
    [link, unused] = grant(session, actor, person.email, late.email)
    seat = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    for key in (link.key, unused.key, unused.key):
        personal_links.revoke(link_key=key, actor=actor)

    assert not AccessLink.objects.exists()
    assert Registration.objects.get() == seat
    with pytest.raises(UnableToRegister, match="not-published"):
        booking.sign_up(session_key=session.key, attendee=late, now=NOW)
