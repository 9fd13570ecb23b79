"""The worker that reads what came in: once, again after trouble, and never for ever (specs/calendar.md 5.2)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from project.outbox.models import Message
from registrations import tasks
from registrations.enums import Status, Verdict
from registrations.rules.inbox.incoming import read_mail
from registrations.services.attending import declines
from registrations.services.inbox import inbound, replies
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.inbox import human, invite_of, outcome, outlook, status_of, take_in
from tests.registrations.support.races import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def seated():
    registration = sign_up(make_session(), make_person(name="Ann Seated", email="ann.seated@example.org"))
    Message.objects.all().delete()
    return registration


def kinds():
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_the_sweep_finds_what_the_poke_missed(seated, clock):
    row = take_in(outlook(invite_of(seated), "DECLINED"), now=NOW - timedelta(seconds=30))

    tasks.sweep_inbound()

    row.refresh_from_db()
    assert outcome(row) == (Verdict.APPLIED, "releasing")


def test_process_twice_is_once(seated):
    row = take_in(outlook(invite_of(seated), "DECLINED"))

    verdicts = {inbound.process(inbound_id=row.pk, now=NOW + timedelta(minutes=minute)) for minute in range(3)}

    assert verdicts == {Verdict.APPLIED}
    assert kinds() == ["reply-declined"]


def test_trouble_is_tried_again_and_given_up_after_five_times(seated, monkeypatch):
    def fail(**_):
        raise RuntimeError("ann.seated@example.org")

    monkeypatch.setattr(replies, "apply_reply", fail)
    row = take_in(outlook(invite_of(seated), "DECLINED"))

    with capture_logs() as logs:
        verdicts = [inbound.process(inbound_id=row.pk, now=NOW) for _ in range(5)]

    assert verdicts == [Verdict.PENDING] * 4 + [Verdict.FAILED]
    assert "ann.seated" not in str(logs)
    assert status_of(seated) == Status.CONFIRMED


def test_after_trouble_that_passed_the_answer_counts(seated, monkeypatch):
    row = take_in(outlook(invite_of(seated), "DECLINED"))
    with monkeypatch.context() as trouble:
        trouble.setattr(declines, "lock_event_of", lambda _: 1 / 0)
        inbound.process(inbound_id=row.pk, now=NOW)

    verdict = inbound.process(inbound_id=row.pk, now=NOW)

    assert verdict == Verdict.APPLIED


def test_a_mail_that_ends_its_reader_is_given_up_without_being_read_again(seated, monkeypatch):
    def die(_):
        read.append(1)
        raise SystemExit  # as the kernel does where memory ends

    read: list[int] = []
    monkeypatch.setattr(inbound, "read_mail", die)
    row = take_in(human())

    for number in range(7):
        with suppress(SystemExit):
            inbound.process(inbound_id=row.pk, now=NOW + number * inbound.PATIENCE)

    row.refresh_from_db()
    assert (outcome(row), len(read)) == ((Verdict.FAILED, "unexpected"), inbound.MAX_ATTEMPTS)


def test_a_mail_that_somebody_reads_is_left_alone_for_five_minutes(seated, monkeypatch):
    def read_slowly(raw):
        meanwhile.append(inbound.process(inbound_id=row.pk, now=NOW + timedelta(minutes=4)))
        meanwhile.append(inbound.pending(NOW + timedelta(minutes=4)))
        later.append(inbound.pending(NOW + timedelta(minutes=5)))
        return read_mail(raw)

    meanwhile: list[object] = []
    later: list[object] = []
    row = take_in(outlook(invite_of(seated), "DECLINED"))
    monkeypatch.setattr(inbound, "read_mail", read_slowly)

    verdict = inbound.process(inbound_id=row.pk, now=NOW)

    row.refresh_from_db()
    assert (verdict, row.attempts) == (Verdict.APPLIED, 1)
    assert (meanwhile, later) == ([Verdict.PENDING, []], [[row.pk]])
