"""Reading a raw mail, and the calendar object in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registrations.rules.inbox.incoming import Incoming, as_envelope, read_mail
from registrations.rules.inbox.itip import UnableToRead, read_calendar

CALENDAR = "BEGIN:VCALENDAR\nVERSION:2.0\nmethod:reply\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"


def entry_of(*lines):
    content = CALENDAR.format(lines="\n".join(lines)).encode()
    return read_calendar(content, charset="utf-8", method="").entries[0]


def test_read_mail_of_nothing_is_nothing():
    assert read_mail(b"") == Incoming()


def test_read_mail_reads_what_matters():
    raw = (
        b"Return-Path: <Ann@Example.org>\r\nFrom: =?utf-8?q?Ann_S=C3=A9?= <Ann@Example.org>\r\nMessage-ID: <1@x>\r\n"
        b"In-Reply-To: <2@y>\r\nReferences: <3@z> <2@y> broken\r\nSubject: =?utf-8?b?SGVsbMO2?=\r\n"
        b"Authentication-Results: mx; none\r\nContent-Type: text/html\r\n\r\n<p>Dear <b>people</b></p>"
    )

    assert read_mail(raw) == Incoming(
        message_id="1@x",
        sender="ann@example.org",
        return_path="ann@example.org",
        answers=("2@y", "3@z"),
        subject="Hellö",
        text="Dear people",
        authentication=("mx; none",),
    )


@pytest.mark.parametrize("header", [b"a@x.org, b@x.org", b"", b"nobody", b"<>", b"\xff\xfe <\xffa@x.org"])
def test_read_mail_of_no_sender_or_several_has_none_that_counts(header):
    assert read_mail(b"From: " + header + b"\r\n\r\n").sender in {"", "nobody", "\ufffda@x.org"}


@pytest.mark.parametrize("subject", [b"=?x?b?!!?=", b"=?utf-8?b?A?=", b"\xff\x00\xfe", b"=?utf-16?q?=ff?="])
def test_read_mail_with_a_broken_subject_is_read(subject):
    assert "\x00" not in read_mail(b"Subject: " + subject + b"\r\n\r\n").subject


@pytest.mark.parametrize(
    ("said", "sender"),
    [("", ""), ("<>", ""), (" MAILER-DAEMON ", ""), ("<Ann@Example.org>", "ann@example.org"), ("a@b", "a@b")],
)
def test_as_envelope(said, sender):
    assert as_envelope(said) == sender


def test_read_calendar_reads_one_answer():
    entry = entry_of(
        "UID:abc",
        "SEQUENCE:3",
        "DTSTAMP:20260302T090000Z",
        "COMMENT:Ill\\, and",
        " \\nsorry",
        'ATTENDEE;PARTSTAT=declined;EMAIL="b@x.org":MAILTO:A@x.org',
    )

    assert (entry.uid, entry.sequence, entry.comment) == ("abc", 3, "Ill, and sorry")
    assert entry.stamped_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert entry.attendees[0].answer == "DECLINED"
    assert [entry.attendee_called(name) is not None for name in ("a@X.org", "b@x.org", "c@x.org")] == [
        True,
        True,
        False,
    ]


def test_the_method_may_be_in_the_object_or_in_the_header():
    content = CALENDAR.format(lines="UID:a").encode()

    assert read_calendar(content, charset="utf-8", method="CANCEL").method == "REPLY"
    without = content.replace(b"method:reply\n", b"")
    assert read_calendar(without, charset="utf-8", method="reply").method == "REPLY"


@pytest.mark.parametrize(
    "lines",
    [
        ["SEQUENCE:-4"],
        ["SEQUENCE:many"],
        ["SEQUENCE:"],
        ["DTSTAMP:yesterday"],
        ["DTSTAMP;VALUE=DATE:20260302"],
        ["ATTENDEE;PARTSTAT=:mailto:"],
        ["ATTENDEE:"],
        ["COMMENT"],
        ["X-BROKEN;=:"],
    ],
)
def test_what_is_broken_in_an_answer_is_left_out(lines):
    entry = entry_of("UID:a", *lines)

    assert (entry.uid, entry.sequence, entry.stamped_at) == ("a", 0, None)


def test_a_property_that_stands_twice_counts_once():
    entry = entry_of("UID:a", "UID:b", "SEQUENCE:1", "SEQUENCE:2", "COMMENT:x", "COMMENT:y", "DTSTAMP:20260302T090000Z")

    assert (entry.uid, entry.sequence, entry.comment) == ("a", 1, "x")


def test_a_sequence_beyond_any_is_cut():
    assert entry_of("UID:a", "SEQUENCE:99999999999").sequence == 2**31 - 1


def test_a_stamp_without_a_zone_is_utc():
    assert entry_of("UID:a", "DTSTAMP:20260302T090000").stamped_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_unable_to_read_says_a_code_and_nothing_of_the_sender():
    with pytest.raises(UnableToRead) as refusal:
        read_calendar(b"BEGIN:VCALENDAR\nann@example.org", charset="utf-8", method="")

    assert str(refusal.value) == refusal.value.code
    assert "ann" not in str(refusal.value)
