from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from project.outbox.models import Message
from project.outbox.services import bounces
from project.outbox.services.messages import draft, enqueue
from tests.factories import NOW, make_person

if TYPE_CHECKING:
    from project.accounts.models import User

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def a_sent_mail(person: User, *, message_id: str = "<one@example.org>", address: str = "") -> Message:
    message = draft(kind="dates-announced", recipient=person, subject_id=uuid4(), facts={}, now=NOW)
    message.message_id, message.address = message_id, address or person.email
    enqueue([message])
    return message


@pytest.mark.parametrize("named", ["<one@example.org>", " one@example.org "])
def test_note_marks_the_mail_and_the_person(named):
    person = make_person()
    message = a_sent_mail(person)
    a_sent_mail(make_person(), message_id="<two@example.org>")

    bounced = bounces.note([named, "<somebody-elses@example.org>"], LATER)

    message.refresh_from_db()
    person.refresh_from_db()
    assert bounced == [message]
    assert (message.bounced_at, person.bounced_at) == (LATER, LATER)
    assert Message.objects.filter(bounced_at=None).count() == 1


def test_note_twice_keeps_the_first_time():
    person = make_person()
    message = a_sent_mail(person)

    bounces.note([message.message_id], NOW)
    bounces.note([message.message_id], LATER)

    message.refresh_from_db()
    person.refresh_from_db()
    assert (message.bounced_at, person.bounced_at) == (NOW, NOW)


def test_note_of_a_mail_to_a_former_address_does_not_mark_the_person():
    person = make_person()
    message = a_sent_mail(person, address="former@example.org")

    bounces.note([message.message_id], NOW)

    message.refresh_from_db()
    person.refresh_from_db()
    assert (message.bounced_at, person.bounced_at) == (NOW, None)


def test_note_of_a_mail_without_a_person_marks_only_the_mail():
    message = a_sent_mail(make_person())
    Message.objects.update(recipient=None)

    assert bounces.note([message.message_id], NOW) == [message]


def test_note_of_unknown_message_ids_marks_nothing():
    a_sent_mail(make_person(), message_id="")

    assert bounces.note(["", "<>", "nonsense"], NOW) == []
    assert not Message.objects.exclude(bounced_at=None).exists()


def test_forget_clears_the_person():
    person = make_person(bounced_at=NOW)

    bounces.forget(recipient_id=person.pk)

    person.refresh_from_db()
    assert person.bounced_at is None
