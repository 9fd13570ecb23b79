"""Mail that comes in: stored first, read once, never answered to a machine (specs/calendar.md 5.2, 5.4)."""

from __future__ import annotations

import base64
import time
import tracemalloc
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from project.accounts.models import User
from project.outbox.models import Message
from registrations import tasks
from registrations.enums import Status, Verdict
from registrations.models import InboundMail, Invite, Registration
from registrations.rules.inbox.incoming import LARGEST_MAIL
from registrations.services.attending import declines
from registrations.services.inbox import inbound
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.inbox import (
    apple,
    calendar,
    delivery_report,
    entry,
    human,
    invite_of,
    mail,
    outcome,
    outlook,
    post,
    status_of,
    take_in,
)
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


def test_take_in_stores_before_anything_is_read(seated, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as poked:
        row = take_in(b"\x00\xff nonsense")

    assert (row.verdict, bytes(row.raw), row.received_at) == (Verdict.PENDING, b"\x00\xff nonsense", NOW)
    assert len(poked) == 1


def test_take_in_twice_is_one_row_and_one_poke(seated, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as poked:
        rows = {take_in(human()).pk, *[take_in(b"Subject: x\r\n\r\ny").pk for _ in range(2)]}

    assert len(rows) == 2
    assert len(poked) == 2


def test_take_in_of_the_same_mail_for_another_recipient_is_another():
    raw = human()

    assert take_in(raw) != take_in(raw, recipient="other@example.org")


def test_a_mail_that_is_too_large_is_kept_in_part_and_given_up(contact):
    row = post(b"Subject: x\r\n\r\n" + b"x" * LARGEST_MAIL)

    assert outcome(row) == (Verdict.FAILED, "too-large")
    assert len(row.raw) == inbound.KEPT_OF_TOO_LARGE
    assert kinds() == ["reply-forwarded"]


def nested(depth):
    body = "Content-Type: text/plain\r\n\r\ndeep"
    for level in range(depth):
        body = f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n{body}\r\n--b{level}--\r\n'
    return ("From: a@example.org\r\n" + body).encode()


@pytest.mark.parametrize(("depth", "code"), [(11, "too-deep"), (400, "too-deep"), (5000, "too-deep")])
def test_a_mail_that_is_too_deep_is_given_up(depth, code):
    assert outcome(post(nested(depth))) == (Verdict.FAILED, code)


def test_a_mail_of_the_deepest_kind_is_read(contact):
    assert outcome(post(nested(10))) == (Verdict.FORWARDED, "person")


def test_a_mail_of_very_many_parts_is_given_up():
    parts = "".join("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(300))
    row = post(f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n{parts}--b--\r\n'.encode())

    assert outcome(row) == (Verdict.FAILED, "too-many-parts")


HEAD = b"From: a@example.org\r\nContent-Type: "


def calendars(number, line):
    body = b"BEGIN:VCALENDAR\r\n" + line + b"\r\nEND:VCALENDAR\r\n"
    return (
        HEAD + b"multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\nContent-Type: text/calendar\r\n\r\n" + body) * number
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (HEAD + b"multipart/mixed; boundary=b\r\n\r\n" + b"--b\n\n" * 60_000, "too-many-parts"),
        (HEAD + b"message/delivery-status\r\n\r\n" + b"a: b\n\n" * 90_000, "too-many-parts"),
        (HEAD + b"text/plain\r\n\r\n" + b"\r" * 3_000_000, "too-many-lines"),
        (b"a:\n" * 150_000, "too-many-headers"),
        (nested(95).replace(b"deep", b"a\n" * 400_000), "too-many-lines"),
    ],
    ids=["parts", "report", "lines", "headers", "boundaries"],
)
def test_a_mail_that_is_made_to_cost_much_is_given_up_before_it_does(raw, code):
    tracemalloc.start()
    began = time.process_time()

    row = post(raw)

    spent, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome(row) == (Verdict.FAILED, code)
    assert (spent < 10, most < 150_000_000) == (True, True)


def test_a_header_that_is_slow_to_read_is_read_in_part(contact):
    began = time.process_time()

    row = post(b"From: a@example.org\r\nContent-Type: multipart/mixed" + b";x" * 1_000_000 + b"\r\n\r\nhello")

    assert outcome(row) == (Verdict.FORWARDED, "person")
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("raw", "result"),
    [
        (b"From: " + b"(" * 50_000 + b"\r\n\r\nx", (Verdict.FORWARDED, "person")),
        ((b"From: " + b"a@b," * 2000 + b"\r\n") * 990 + b"\r\nhello", (Verdict.FORWARDED, "person")),
        (calendars(38, b"X;A=" * 63_000), (Verdict.IGNORED, "other-method")),
    ],
    ids=["comments", "senders", "calendars"],
)
def test_what_stands_there_very_often_is_read_a_few_times(contact, raw, result):
    began = time.process_time()

    row = post(raw)

    assert outcome(row) == result
    assert time.process_time() - began < 10


def test_the_headers_that_came_back_are_not_parsed_as_a_mail(sent):
    """What is encoded cannot be counted before, so nothing but headers is read of it."""
    bomb = f"Message-ID: {sent.message_id}\r\n".encode() + nested(3000)
    report = delivery_report(
        sent.message_id, returned="text/rfc822-headers\r\nContent-Transfer-Encoding: base64"
    ).decode()
    plain = f"Message-ID: {sent.message_id}\r\nSubject: Confirmed\r\n\r\nHello\r\n"

    row = post(report.replace(plain, base64.encodebytes(bomb).decode()).encode())

    assert outcome(row) == (Verdict.BOUNCED, "bounce")


def with_calendar(content, *, kind="text/calendar; method=REPLY; charset=utf-8", sender="ann.seated@example.org"):
    encoded = base64.encodebytes(content).decode()
    return mail({"Content-Type": kind, "Content-Transfer-Encoding": "base64"}, encoded, sender=sender)


def test_a_calendar_of_300_kilobytes_is_given_up(seated):
    large = calendar(entry(invite_of(seated), "DECLINED", comment="x" * 300_000)).encode()

    assert outcome(post(with_calendar(large))) == (Verdict.FAILED, "calendar-too-large")
    assert status_of(seated) == Status.CONFIRMED


def test_a_body_of_300_kilobytes_beside_a_small_calendar_is_read(seated):
    raw = outlook(invite_of(seated), "DECLINED").replace(b"\r\n\r\n\r\n", b"\r\n\r\n" + b"long words\r\n" * 30_000, 1)

    assert len(raw) > 300_000
    assert outcome(post(raw)) == (Verdict.APPLIED, "releasing")


def test_two_calendars_in_one_part_are_given_up(seated):
    one = calendar(entry(invite_of(seated), "DECLINED"))

    assert outcome(post(with_calendar((one + one).encode()))) == (Verdict.FAILED, "several-calendars")
    assert status_of(seated) == Status.CONFIRMED


@pytest.mark.parametrize(
    "content", [b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT", b"\x00\xff\xfe", b"hello", b"END:VCALENDAR"]
)
def test_a_calendar_that_is_none_is_given_up(content):
    row = post(with_calendar(content))

    assert row.verdict == Verdict.FAILED
    assert kinds() == []


@pytest.mark.parametrize(
    "charset", ["us-ascii", "utf-16", "x-unknown", "iso-8859-1", "punycode", "undefined", "base64"]
)
def test_a_wrong_charset_neither_crashes_nor_takes_a_wrong_seat(seated, charset):
    text = calendar(entry(invite_of(seated), "DECLINED", comment="Café ☕")).encode()

    row = post(with_calendar(text, kind=f"text/calendar; method=REPLY; charset={charset}"))

    assert row.verdict in {Verdict.APPLIED, Verdict.FAILED}
    assert status_of(seated) == Status.CONFIRMED  # in any case for the time of grace


def test_winmail_goes_to_people(seated, contact):
    tnef = base64.encodebytes(b"\x78\x9f\x3e\x22" + b"\x00" * 200).decode()
    kind = {"Content-Type": 'application/ms-tnef; name="winmail.dat"', "Content-Transfer-Encoding": "base64"}

    assert outcome(post(mail(kind, tnef, sender="ann.seated@example.org"))) == (Verdict.FORWARDED, "person")
    assert status_of(seated) == Status.CONFIRMED


def test_an_answer_inside_a_forwarded_mail_is_not_this_senders(seated, contact):
    inside = outlook(invite_of(seated), "DECLINED").decode()
    look = "--f\r\nContent-Type: text/plain\r\n\r\nLook\r\n"
    body = f"{look}--f\r\nContent-Type: message/rfc822\r\n\r\n{inside}\r\n--f--\r\n"

    row = post(mail({"Content-Type": 'multipart/mixed; boundary="f"'}, body, sender="other@example.org"))

    assert outcome(row) == (Verdict.FORWARDED, "person")
    assert invite_of(seated).release_at is None


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


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_mail_that_came_back_is_marked_and_costs_no_seat(seated, sent, returned):
    row = post(delivery_report(sent.message_id, returned=returned))

    sent.refresh_from_db()
    assert outcome(row) == (Verdict.BOUNCED, "bounce")
    assert sent.bounced_at == NOW
    assert User.objects.get(pk=seated.attendee.pk).bounced_at == NOW
    assert status_of(seated) == Status.CONFIRMED
    assert kinds() == ["registration-confirmed"]


@pytest.mark.parametrize(
    ("message_id", "action"), [("<0f.0.abcdef@example.org>", "delayed"), ("<x@y.example>", "failed")]
)
def test_a_report_that_says_nothing_final_about_a_mail_of_ours_is_ignored(sent, contact, message_id, action):
    row = post(delivery_report(message_id, action=action))

    sent.refresh_from_db()
    assert outcome(row) == (Verdict.IGNORED, "report")
    assert sent.bounced_at is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<people.example.org>"},
    ],
)
def test_an_out_of_office_with_our_subject_is_ignored(seated, sent, contact, headers):
    row = post(human("I am away.", sender=seated.attendee.email, In_Reply_To=sent.message_id, **headers))

    assert outcome(row) == (Verdict.IGNORED, "automatic")
    assert kinds() == ["registration-confirmed"]
    assert status_of(seated) == Status.CONFIRMED


def test_a_valid_reply_of_a_machine_counts(seated):
    """Some programs say that an answer was sent by a machine (5.4.8: "that carries no valid REPLY")."""
    row = post(outlook(invite_of(seated), "DECLINED", headers={"Auto_Submitted": "auto-generated"}))

    assert outcome(row) == (Verdict.APPLIED, "releasing")


@pytest.mark.parametrize("said", [{"attendee": "stranger@example.org"}, {"stamp": 1}])
def test_a_machine_is_never_asked_back(seated, settings, said):
    settings.REPLY_REQUIRE_DMARC = True

    row = post(outlook(invite_of(seated), "DECLINED", headers={"Auto_Submitted": "auto-generated"}, **said))

    assert row.verdict == Verdict.RECORDED
    assert kinds() == []


def test_what_nobody_sent_is_never_answered(seated, contact):
    rows = [
        post(human(Return_Path="<>")),
        post(human(), envelope_from=""),
        post(human(), envelope_from="MAILER-DAEMON"),
        post(outlook(invite_of(seated), "DECLINED"), envelope_from="<>"),
    ]

    assert {outcome(row) for row in rows} == {(Verdict.IGNORED, "no-sender")}
    assert kinds() == []
    assert invite_of(seated).release_at is None


def test_what_we_sent_ourselves_is_never_answered(seated, contact):
    rows = [post(human(sender=sender)) for sender in ("samen@example.org", "SAMEN+token@Example.org")]

    assert {outcome(row) for row in rows} == {(Verdict.IGNORED, "own-address")}
    assert kinds() == []


@pytest.mark.parametrize("said", ["a\x00b@example.org", "a\udcffb@example.org\r\n", " ab\u2028@example.org"])
def test_a_recipient_or_sender_that_no_database_takes_is_cleaned(said):
    row = take_in(human(), recipient=said, envelope_from=said)

    row.refresh_from_db()
    assert row.recipient == row.auth["envelope_from"] == "ab@example.org"


def test_after_thirty_days_what_came_in_is_blank(seated, clock):
    old = post(outlook(invite_of(seated), "DECLINED"), now=NOW - timedelta(days=30, minutes=1))
    stuck = take_in(human(), now=NOW - timedelta(days=31))
    young = post(human("Another"), now=NOW - timedelta(days=29))

    tasks.forget_inbound()
    again = inbound.forget_old(now=NOW)

    old.refresh_from_db()
    stuck.refresh_from_db()
    young.refresh_from_db()
    assert (bytes(old.raw), old.auth, old.recipient, old.message_id) == (b"", {}, "", "")
    assert (old.verdict, old.invite) == (Verdict.APPLIED, invite_of(seated))
    assert outcome(stuck) == (Verdict.FAILED, "too-old")
    assert young.raw
    assert again == 0


def test_no_name_and_no_address_is_in_a_log_line_or_a_task(seated, contact, django_capture_on_commit_callbacks):
    with capture_logs() as logs, django_capture_on_commit_callbacks(execute=True):
        post(outlook(invite_of(seated), "DECLINED", comment="Ann Seated is ill"))
        post(apple(invite_of(seated), "ACCEPTED", stamp=2))
        post(human("I am Ann Seated"), envelope_from="ann.seated@example.org")
        post(b"From: ann.seated@example.org\r\nContent-Type: text/calendar\r\n\r\nann.seated@example.org")

    assert len(logs) >= 4
    for secret in ("ann", "Seated", "example.org", str(invite_of(seated).uid)):
        assert secret not in str(logs)
    assert "ann" not in repr(InboundMail.objects.all())


def test_the_task_gives_back_what_is_due_and_one_with_trouble_holds_nothing_up(seated, clock, monkeypatch):
    other = sign_up(make_session(), make_person())
    for registration in (seated, other):
        post(outlook(invite_of(registration), "DECLINED"))
    Invite.objects.update(release_at=NOW)
    freed, release = [], declines.free_declined_seat

    def fail_first(*, invite_id, now):
        freed.append(invite_id)
        if len(freed) == 1:
            raise RuntimeError
        release(invite_id=invite_id, now=now)

    with monkeypatch.context() as trouble:
        trouble.setattr(declines, "free_declined_seat", fail_first)
        tasks.release_declined()

    assert [status_of(seated), status_of(other)] == [Status.CONFIRMED, Status.CANCELLED]
    tasks.release_declined()
    assert not Registration.objects.active().exists()


@pytest.mark.postgresql
def test_reading_takes_the_lock_of_the_event_before_it_reads_the_invitation(seated, django_assert_max_num_queries):
    row = take_in(outlook(invite_of(seated), "DECLINED"))

    with django_assert_max_num_queries(40) as queries:
        inbound.process(inbound_id=row.pk, now=NOW)

    said = [query["sql"] for query in queries]
    locked = next(n for n, sql in enumerate(said) if "events_event" in sql and "FOR NO KEY UPDATE" in sql)
    assert any("registrations_invite" in sql and sql.startswith("SELECT") for sql in said[locked:])
    assert connection.vendor == "postgresql"


def test_without_a_broker_the_mail_waits_for_the_sweep(monkeypatch, django_capture_on_commit_callbacks):
    def fail(*_, **__):
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", fail)

    with capture_logs() as logs, django_capture_on_commit_callbacks(execute=True):
        row = take_in(human())

    assert [line["event"] for line in logs] == ["broker_unreachable"]
    assert inbound.pending(NOW + timedelta(seconds=20)) == [row.pk]


def test_the_task_reads_one_mail(seated, clock):
    row = take_in(outlook(invite_of(seated), "DECLINED"))

    tasks.process_inbound(row.pk)

    row.refresh_from_db()
    assert outcome(row) == (Verdict.APPLIED, "releasing")
