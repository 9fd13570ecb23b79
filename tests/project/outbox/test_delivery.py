from __future__ import annotations

import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from project.outbox.enums import MessageStatus, Trouble
from project.outbox.models import Message
from project.outbox.services import delivery, leases
from project.outbox.services.smtp import MAX_MAILS
from registrations.services.attending import booking
from tests.factories import NOW, make_person, make_session
from tests.project.outbox.support.mails import a_code_mail, a_mail
from tests.project.outbox.support.postoffice import HANG_UP
from tests.registrations.support.races import at_once

pytestmark = pytest.mark.django_db


def test_deliver_encodes_an_international_domain(mailbox):
    message = a_mail(address="somebody@bücher.example")

    delivery.deliver(message_id=message.pk, now=NOW)

    [envelope] = mailbox.envelopes
    mail = message_from_bytes(envelope.content, policy=default)
    assert envelope.rcpt_tos == ["somebody@xn--bcher-kva.example"] == [mail["To"]]


def test_deliver_sends_to_one_address(mailbox):
    message = a_mail()

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
    message = a_mail()

    delivery.deliver(message_id=message.pk, now=NOW)
    delivery.deliver(message_id=message.pk, now=NOW)

    assert len(mailbox.envelopes) == 1


@pytest.mark.parametrize("answer", ["451 try again later", "421 closing"])
def test_a_temporary_refusal_is_retried_after_growing_pauses(mailbox, answer):
    message = a_mail()
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


def test_a_mail_to_an_address_that_does_not_exist_fails(mailbox):
    message = a_code_mail()
    mailbox.refuse_with = "550 no such user"

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.FAILED, "no-such-address")
    assert bytes(message.raw) == b""
    assert message.facts == {}


def test_no_mail_is_lost_while_the_mail_server_is_away(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    message = a_mail()

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.attempts, message.last_error) == (MessageStatus.PENDING, 1, "no-answer")


def test_a_mail_fails_after_a_day_and_a_half(mailbox):
    message = a_mail()
    mailbox.refuse_with = "451 try again later"
    for _ in range(len(delivery.PAUSES) + 1):
        delivery.deliver(message_id=message.pk, now=Message.objects.get().due_at)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.FAILED, "try-later")
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


def test_the_lease_of_a_killed_worker_expires(mailbox):
    message = a_mail(status=MessageStatus.SENDING, due_at=NOW + leases.DURATION)

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


def test_a_mail_that_is_out_of_date_is_dropped(mailbox):
    session, person = make_session(capacity=0), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)

    delivery.deliver_due(now=NOW)

    message = Message.objects.get()
    assert not mailbox.envelopes
    assert (message.status, message.last_error) == (MessageStatus.DROPPED, "out-of-date")


def test_a_mail_with_an_unknown_kind_blocks_no_other(mailbox):
    bad = a_mail(kind="of-yesterday", subject_id=uuid4())
    good = a_mail()

    delivery.deliver_due(now=NOW)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == (MessageStatus.PENDING, MessageStatus.SENT)


def test_the_command_sends_what_is_due(mailbox):
    event = make_session(starts_at=timezone.now() + timedelta(days=1)).event
    a_mail(subject_id=event.key)

    call_command("deliver_outbox", "--once", verbosity=0)

    assert len(mailbox.envelopes) == 1


def test_the_demo_writes_one_file_per_mail_in_the_order_of_sending(settings, tmp_path):
    settings.EMAIL_BACKEND = "project.outbox.adapters.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    addresses = [a_mail().address for _ in range(3)]

    delivery.deliver_due(now=NOW)

    files = sorted((tmp_path / "mail").glob("*.eml"))
    assert [message_from_bytes(file.read_bytes())["To"] for file in files] == addresses


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_mail_once(mailbox):
    message = a_mail()

    at_once(*[partial(delivery.deliver, message_id=message.pk, now=NOW)] * 4)

    assert len(mailbox.envelopes) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_mails_that_are_due(mailbox):
    for _ in range(12):
        a_mail()

    at_once(*[partial(delivery.deliver_due, now=NOW)] * 3)

    received = [envelope.rcpt_tos[0] for envelope in mailbox.envelopes]
    assert sorted(received) == sorted(Message.objects.values_list("address", flat=True))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_is_taking_is_skipped(mailbox):
    taken, free = a_mail(), a_mail()

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=taken.pk)
        at_once(partial(delivery.deliver_due, now=NOW))

    statuses = dict(Message.objects.values_list("pk", "status"))
    assert statuses == {taken.pk: MessageStatus.PENDING, free.pk: MessageStatus.SENT}


def test_a_worker_that_was_too_slow_overwrites_nothing(mailbox):
    message = a_mail()
    slow = leases.take_due(now=NOW)
    assert slow
    delivery.deliver_due(now=NOW + leases.DURATION)

    is_mine = leases.give_back(slow, trouble=Trouble.NO_ANSWER, due_at=NOW + timedelta(hours=1))

    message.refresh_from_db()
    assert not is_mine
    assert (message.status, message.last_error) == (MessageStatus.SENT, "")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_taken", "sent"), [(True, 0), (False, 1)])
def test_a_mail_that_waited_long_is_sent_only_if_the_lease_is_still_ours(mailbox, monkeypatch, is_taken, sent):
    monkeypatch.setattr(delivery, "LONG_WAIT", timedelta(0))
    message = a_mail()

    def send_a_slow_one():
        while not Message.objects.get().raw:
            time.sleep(0.01)
        if is_taken:
            leases.take_due(now=NOW + leases.DURATION)
        delivery._one_at_a_time.release()

    delivery._one_at_a_time.acquire()
    at_once(partial(delivery.deliver, message_id=message.pk, now=NOW), send_a_slow_one)

    message.refresh_from_db()
    assert len(mailbox.envelopes) == sent
    assert message.status == (MessageStatus.SENDING if is_taken else MessageStatus.SENT)


def test_renew_extends_the_lease_to_five_minutes_from_now():
    a_mail()
    message = leases.take_due(now=NOW)
    assert message

    is_mine = leases.renew(message, now=NOW + leases.DURATION)

    assert is_mine
    assert leases.take_due(now=NOW + leases.DURATION) is None
    assert Message.objects.get().due_at == NOW + 2 * leases.DURATION


def test_a_mail_that_kills_every_worker_fails(mailbox):
    message = a_mail()
    for number in range(delivery.MAX_ATTEMPTS):
        leases.take_due(now=NOW + number * leases.DURATION)

    delivery.deliver_due(now=NOW + delivery.MAX_ATTEMPTS * leases.DURATION)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.FAILED, "broken-off")
    assert not mailbox.envelopes


def test_a_failed_mail_does_not_block_its_thread(mailbox):
    thread = uuid4()
    bad, good = a_mail(thread=thread), a_mail(thread=thread)
    mailbox.refuse_with = "550 no such user"
    delivery.deliver(message_id=bad.pk, now=NOW)
    mailbox.refuse_with = None

    delivery.deliver_due(now=NOW)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == (MessageStatus.FAILED, MessageStatus.SENT)


def test_a_mail_to_be_retried_blocks_only_its_thread(mailbox):
    thread = uuid4()
    first, second, other = a_mail(thread=thread), a_mail(thread=thread), a_mail(thread=uuid4())
    mailbox.refuse_with = "451 try again later"
    delivery.deliver(message_id=first.pk, now=NOW)
    mailbox.refuse_with = None

    delivery.deliver_due(now=NOW)
    early = [envelope.rcpt_tos[0] for envelope in mailbox.envelopes]
    delivery.deliver_due(now=NOW + timedelta(minutes=1))

    late = [envelope.rcpt_tos[0] for envelope in mailbox.envelopes[1:]]
    assert early == [other.address]
    assert late == [first.address, second.address]


def test_a_mail_that_is_out_of_date_when_retried_is_dropped(mailbox):
    session, person = make_session(capacity=0), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    mailbox.refuse_with = "451 try again later"
    delivery.deliver_due(now=NOW)
    booking.cancel(registration_key=registration.key, actor=person, now=NOW)
    mailbox.refuse_with = None

    delivery.deliver_due(now=NOW + timedelta(minutes=2))

    message = Message.objects.get()
    assert not mailbox.envelopes
    assert (message.status, message.last_error) == (MessageStatus.DROPPED, "out-of-date")


def test_the_message_id_is_stored_with_the_first_rendering(mailbox):
    message = a_mail()

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    mail = message_from_bytes(mailbox.envelopes[0].content, policy=default)
    assert message.message_id == mail["Message-ID"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_running_worker_survives_a_new_column():
    """The worker has prepared its statement before the column existed."""
    messages = [a_mail() for _ in range(9)]
    for _ in messages[:8]:
        leases.take_due(now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE outbox_message ADD COLUMN later text")
    try:
        taken = leases.take_due(now=NOW)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE outbox_message DROP COLUMN later")

    assert taken == messages[8]


@pytest.mark.parametrize(
    ("answer", "status", "trouble"),
    [
        ("552 too large", MessageStatus.FAILED, "mail-refused"),
        ("452 no space left", MessageStatus.PENDING, "try-later"),
    ],
)
def test_a_refused_body_is_final_only_if_the_server_says_so(post_office, answer, status, trouble):
    message = a_mail()
    post_office.answers = [answer]

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (status, trouble)


def test_a_server_that_refuses_us_is_retried(post_office):
    message = a_mail()
    post_office.refuse_sender_with = "550 who are you"

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.PENDING, "we-are-refused")


def test_many_mails_go_over_one_connection(post_office):
    for _ in range(MAX_MAILS + 1):
        a_mail()

    delivery.deliver_due(now=NOW)

    assert len(post_office.envelopes) == MAX_MAILS + 1
    assert post_office.connections == 2


def test_a_connection_closed_by_the_server_is_reopened(post_office):
    for _ in range(3):
        a_mail()
    post_office.closes_after_each = True

    delivery.deliver_due(now=NOW)

    assert len(post_office.envelopes) == 3
    assert not Message.objects.unsent().exists()


def test_a_server_that_hangs_up_after_the_body_gets_the_same_mail_again(post_office):
    message, other = a_mail(), a_mail()
    post_office.answers = [HANG_UP]

    delivery.deliver_due(now=NOW)
    message.refresh_from_db()
    early = (message.status, message.last_error)
    delivery.deliver_due(now=NOW + timedelta(minutes=2))

    sent = [envelope.content for envelope in post_office.envelopes if envelope.rcpt_tos == [message.address]]
    assert early == (MessageStatus.PENDING, "no-answer")
    assert sent[0] == sent[1]
    assert [envelope.rcpt_tos[0] for envelope in post_office.envelopes][1] == other.address


def test_a_silent_server_delays_only_two_mails(post_office, settings):
    settings.EMAIL_TIMEOUT = 0.3
    for _ in range(5):
        a_mail()
    post_office.stalls = True

    began = time.monotonic()
    tried = delivery.deliver_due(now=NOW)
    again = delivery.deliver_due(now=NOW + timedelta(seconds=1))
    lasted = time.monotonic() - began
    post_office.stalls = False
    delivery.deliver_due(now=NOW + timedelta(minutes=2))

    assert (tried, again) == (2, 0)
    assert lasted < 3
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [1, 1, 1, 2, 2]
    assert not Message.objects.unsent().exists()


def test_an_expired_code_is_not_sent(mailbox, settings):
    message = a_code_mail()

    delivery.deliver(message_id=message.pk, now=NOW + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT))

    message.refresh_from_db()
    assert not mailbox.envelopes
    assert (message.status, message.last_error, message.facts) == (MessageStatus.DROPPED, "out-of-date", {})
