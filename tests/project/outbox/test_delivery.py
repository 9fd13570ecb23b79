from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery
from project.outbox.services.messages import draft, enqueue
from registrations.services import booking
from tests.factories import NOW, make_person, make_session
from tests.registrations.races import at_once

pytestmark = pytest.mark.django_db


def a_code_mail(**overrides: Any) -> Message:
    person = overrides.pop("recipient", None) or make_person()
    message = draft(kind="sign-in-code", recipient=person, subject_id=person.key, facts={"code": "ABC-DEF"}, now=NOW)
    for field, value in overrides.items():
        setattr(message, field, value)
    enqueue([message])
    return Message.objects.latest("pk")


def test_deliver_writes_a_domain_with_other_letters_so_that_every_server_knows_it(mailbox):
    message = a_code_mail(address="somebody@bücher.example")

    delivery.deliver(message_id=message.pk, now=NOW)

    [envelope] = mailbox.envelopes
    mail = message_from_bytes(envelope.content, policy=default)
    assert envelope.rcpt_tos == ["somebody@xn--bcher-kva.example"] == [mail["To"]]


def test_deliver_sends_to_one_address(mailbox):
    message = a_code_mail()

    delivery.deliver(message_id=message.pk, now=NOW)

    envelope = mailbox.envelopes[0]
    mail = message_from_bytes(envelope.content, policy=default)
    assert envelope.rcpt_tos == [message.address] == [mail["To"]]
    assert mail["Auto-Submitted"] == "auto-generated"
    message.refresh_from_db()
    assert (message.status, message.sent_at) == (MessageStatus.SENT, NOW)


def test_a_sign_in_code_is_blanked_when_sent(mailbox):
    message = a_code_mail()

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert b"ABC-DEF" in mailbox.envelopes[0].content
    assert (bytes(message.raw), message.facts) == (b"", {})


def test_deliver_twice_sends_once(mailbox):
    message = a_code_mail()

    delivery.deliver(message_id=message.pk, now=NOW)
    delivery.deliver(message_id=message.pk, now=NOW)

    assert len(mailbox.envelopes) == 1


@pytest.mark.parametrize("answer", ["451 try again later", "421 closing"])
def test_a_refusal_for_now_is_tried_again_after_a_growing_pause(mailbox, answer):
    message = a_code_mail()
    mailbox.refuse_with = answer
    pauses = []
    for _ in range(3):
        due_at = Message.objects.get().due_at
        delivery.deliver(message_id=message.pk, now=due_at)
        pauses.append(Message.objects.get().due_at - due_at)

    mailbox.refuse_with = None
    delivery.deliver_due(now=NOW + timedelta(hours=1))

    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5)]
    assert Message.objects.get().status == MessageStatus.SENT
    assert len(mailbox.envelopes) == 1


def test_an_address_that_does_not_exist_is_given_up_visibly(mailbox):
    message = a_code_mail()
    mailbox.refuse_with = "550 no such user"

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.FAILED, "SMTPRecipientsRefused")


def test_a_mail_server_that_is_away_loses_nothing(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    message = a_code_mail()

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.PENDING, 1)


def test_a_day_and_a_half_of_trying_ends_visibly(mailbox):
    message = a_code_mail()
    mailbox.refuse_with = "451 try again later"
    for _ in range(len(delivery.PAUSES) + 1):
        delivery.deliver(message_id=message.pk, now=Message.objects.get().due_at)

    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED
    assert message.due_at - NOW > timedelta(hours=24)


def test_a_retry_sends_the_same_bytes(mailbox):
    session, person = make_session(), make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    message = Message.objects.get()
    mailbox.refuse_with = "451 try again later"
    delivery.deliver(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    first = bytes(message.raw)

    mailbox.refuse_with = None
    delivery.deliver(message_id=message.pk, now=NOW + timedelta(minutes=5))

    assert mailbox.envelopes[0].content.rstrip() == first.rstrip()


def test_a_claim_of_a_killed_worker_lapses(mailbox):
    message = a_code_mail(status=MessageStatus.SENDING, due_at=NOW + delivery.CLAIM)

    delivery.deliver_due(now=NOW + timedelta(minutes=4))
    assert not mailbox.envelopes
    delivery.deliver_due(now=NOW + timedelta(minutes=5))

    message.refresh_from_db()
    assert message.status == MessageStatus.SENT


def test_mails_of_one_thread_leave_in_order(mailbox):
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)
    first, second = Message.objects.order_by("pk")

    delivery.deliver(message_id=second.pk, now=NOW)
    assert not mailbox.envelopes
    delivery.deliver(message_id=first.pk, now=NOW)
    delivery.deliver(message_id=second.pk, now=NOW)

    methods = [b'method="REQUEST"' in envelope.content for envelope in mailbox.envelopes]
    assert methods == [True, False]
    assert b'method="CANCEL"' in mailbox.envelopes[1].content


def test_a_mail_that_is_no_longer_true_is_dropped(mailbox):
    session, person = make_session(capacity=0), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    delivery.deliver_due(now=NOW)

    assert not mailbox.envelopes
    assert Message.objects.get().status == MessageStatus.DROPPED


def test_a_mail_with_an_unknown_kind_blocks_no_other(mailbox):
    bad = a_code_mail(kind="of-yesterday", subject_id=uuid4())
    good = a_code_mail()

    delivery.deliver_due(now=NOW)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == (MessageStatus.PENDING, MessageStatus.SENT)


def test_the_command_sends_what_is_due(mailbox):
    a_code_mail()

    call_command("deliver_outbox", "--once", verbosity=0)

    assert len(mailbox.envelopes) == 1


def test_the_demo_writes_one_file_a_mail_in_the_order_of_sending(settings, tmp_path):
    settings.EMAIL_BACKEND = "project.outbox.adapters.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    addresses = [a_code_mail().address for _ in range(3)]

    delivery.deliver_due(now=NOW)

    files = sorted((tmp_path / "mail").glob("*.eml"))
    assert [message_from_bytes(file.read_bytes())["To"] for file in files] == addresses


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_mail_once(mailbox):
    message = a_code_mail()

    at_once(*[partial(delivery.deliver, message_id=message.pk, now=NOW)] * 4)

    assert len(mailbox.envelopes) == 1
