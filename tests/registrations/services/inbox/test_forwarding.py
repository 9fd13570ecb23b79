"""What only people can answer goes to the contact of the organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.models import Message
from registrations.enums import Verdict
from registrations.services.inbox import forwarding
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.inbox import human, outcome, post
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db
CONTACT = "office@example.org"


@pytest.fixture
def seated():
    registration = sign_up(make_session(), make_person(name="Ann Seated", email="ann.seated@example.org"))
    Message.objects.all().delete()
    return registration


@pytest.fixture
def contact(settings):
    settings.INBOUND_FORWARD_TO = CONTACT


def kinds():
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def sent(seated):
    """A mail of ours that was sent, as the outbox stores it."""
    return Message.objects.create(
        kind="registration-confirmed",
        recipient=seated.attendee,
        address=seated.attendee.email,
        subject_id=seated.key,
        created_at=NOW,
        due_at=NOW,
        status="SENT",
        message_id="<0f.0.abcdef@example.org>",
    )


def test_the_words_of_a_person_go_to_the_contact(seated, sent, contact):
    row = post(human(In_Reply_To=sent.message_id))

    message = Message.objects.get(kind="reply-forwarded")
    assert outcome(row) == (Verdict.FORWARDED, "person")
    assert (message.address, message.facts, message.recipient) == (CONTACT, {"inbound": row.pk}, None)


def test_without_a_contact_the_words_of_a_person_are_kept(seated):
    row = post(human())

    assert outcome(row) == (Verdict.RECORDED, "person")
    assert kinds() == []


def test_the_contact_gets_no_answers_of_the_contact(contact):
    assert outcome(post(human(sender=CONTACT))) == (Verdict.IGNORED, "from-contact")
    assert kinds() == []


@pytest.mark.parametrize("address", ["samen@example.org", "Samen+people@example.org"])
def test_a_contact_that_is_ourselves_is_none(settings, address):
    settings.INBOUND_FORWARD_TO = address

    assert outcome(post(human())) == (Verdict.RECORDED, "person")
    assert kinds() == []


def test_two_machines_that_answer_each_other_end_soon(contact, monkeypatch):
    monkeypatch.setattr(forwarding, "MAX_PER_HOUR", 3)

    rows = [post(human(f"Ticket {number}"), now=NOW + timedelta(seconds=number)) for number in range(5)]

    assert [row.verdict for row in rows] == [Verdict.FORWARDED] * 3 + [Verdict.RECORDED] * 2
    assert len(kinds()) == 3
