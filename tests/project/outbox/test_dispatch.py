"""When a worker is called and what it sends, with a real broker and a real mail server."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from functools import partial
from queue import Empty

import pytest
import time_machine
from celery import current_app

from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from project.outbox.services import delivery, dispatch
from project.outbox.tasks import deliver_message, deliver_messages, sweep_outbox
from registrations.services.attending import booking
from tests.factories import NOW, make_people, make_person, make_session
from tests.project.outbox.support.mails import a_code_mail, a_mail
from tests.registrations.support.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUND: tuple[str, list[int]] = ("project.outbox.tasks.deliver_messages", [])


@pytest.fixture(autouse=True)
def _soon_after_they_were_written():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def queue():
    """Returns the queue in the broker, without a worker."""
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        yield queue
        queue.clear()
        queue.close()


def asked(queue):
    """Removes and returns the tasks in the queue, with their arguments."""
    found = []
    with suppress(Empty):
        while task := queue.get_nowait():
            task.ack()
            found.append((task.headers["task"], task.payload[0]))
    return found


def test_many_mails_call_one_worker(queue):
    session = make_session()

    for person in make_people(5):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert asked(queue) == [ROUND]


def test_a_mail_written_after_the_round_calls_a_worker(queue, mailbox):
    a_mail()
    deliver_messages()
    asked(queue)

    a_mail()

    assert asked(queue) == [ROUND]


def test_a_mail_written_during_the_round_is_sent_without_a_call(queue, mailbox):
    first = a_mail()
    asked(queue)
    writes_one_more(mailbox, first.address)

    deliver_messages()

    assert len(mailbox.envelopes) == 2
    assert asked(queue) == []


def writes_one_more(mailbox, address):
    """Writes another mail while the one to this address is being sent."""
    take = mailbox.handle_DATA

    async def write_and_take(server, session, envelope):
        if envelope.rcpt_tos == [address]:
            writer = threading.Thread(target=partial(at_once, a_mail))
            writer.start()
            writer.join()
        return await take(server, session, envelope)

    mailbox.handle_DATA = write_and_take


def test_a_round_that_runs_out_of_time_calls_another(queue, mailbox, monkeypatch):
    for _ in range(3):
        a_mail()
    asked(queue)
    monkeypatch.setattr(dispatch, "ROUND_SECONDS", 0)

    deliver_messages()

    assert len(mailbox.envelopes) == 1  # the one that the last look found
    assert asked(queue) == [ROUND]


def test_the_sweep_recovers_from_a_lost_call(queue, mailbox):
    a_mail()
    asked(queue)  # the task is lost

    sweep_outbox()
    a_mail()

    assert len(mailbox.envelopes) == 1
    assert asked(queue) == [ROUND]


def test_a_process_makes_one_round_at_a_time(queue, mailbox):
    """The other thread of the worker stays free for other tasks."""
    a_mail()
    seen: list[None] = []
    take = mailbox.handle_DATA

    async def look(server, session, envelope):
        other = threading.Thread(target=lambda: seen.append(deliver_messages()))
        other.start()
        other.join(timeout=10)  # it does not wait for this round to end
        return await take(server, session, envelope)

    mailbox.handle_DATA = look

    deliver_messages()

    assert seen == [None]
    assert len(mailbox.envelopes) == 1


def test_a_round_limits_its_pace(mailbox, settings):
    settings.MAILS_PER_SECOND = 10
    for _ in range(3):
        a_mail()
    begun = time.perf_counter()

    deliver_messages()

    assert time.perf_counter() - begun >= 0.3


def test_deliver_due_limits_its_pace(mailbox):
    for _ in range(4):
        a_mail()
    begun = time.monotonic()

    delivery.deliver_due(now=NOW, pace=10)

    assert len(mailbox.envelopes) == 4
    assert time.monotonic() - begun >= 0.4


def test_deliver_due_does_not_catch_up_after_a_slow_mail(mailbox):
    arrived: list[float] = []
    take = mailbox.handle_DATA

    async def be_slow_once(server, session, envelope):
        if not arrived:
            await asyncio.sleep(0.6)
        arrived.append(time.monotonic())
        return await take(server, session, envelope)

    mailbox.handle_DATA = be_slow_once
    for _ in range(4):
        a_mail()

    delivery.deliver_due(now=NOW, pace=10)

    assert arrived[3] - arrived[1] >= 0.1


def test_a_sign_in_code_is_sent_at_once(queue, mailbox):
    a_mail()
    code = a_code_mail()

    tasks = asked(queue)
    deliver_message(code.pk)

    assert tasks == [ROUND, ("project.outbox.tasks.deliver_message", [code.pk])]
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [[code.address]]
    assert Message.objects.get(status=MessageStatus.PENDING).kind == "dates-announced"


def test_a_sign_in_code_whose_call_was_lost_is_sent_first(queue, mailbox):
    for _ in range(3):
        a_mail()
    code = a_code_mail()
    asked(queue)

    deliver_messages()

    assert mailbox.envelopes[0].rcpt_tos == [code.address]
    assert len(mailbox.envelopes) == 4


def test_a_call_missed_during_a_round_is_repeated(queue, mailbox):
    """The other thread got the task, and the round may already have missed its mail."""
    a_mail()
    asked(queue)
    meanwhile(mailbox, deliver_messages)

    deliver_messages()

    assert asked(queue) == [ROUND]


def meanwhile(mailbox, act):
    """Calls `act` in another thread while a mail is being sent."""
    take = mailbox.handle_DATA

    async def act_and_take(server, session, envelope):
        other = threading.Thread(target=partial(at_once, act))
        other.start()
        other.join()
        return await take(server, session, envelope)

    mailbox.handle_DATA = act_and_take


def test_tasks_contain_no_addresses(queue):
    booking.sign_up(session_key=make_session().key, attendee=make_person(name="Somebody"), now=NOW)
    a_code_mail()

    words = str(asked(queue))

    assert "demo.example" not in words
    assert "Somebody" not in words
