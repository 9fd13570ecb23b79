"""Reading what a calendar program sends back (specs/calendar.md 5.2, 6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registrations.rules.inbox.itip import LARGEST_CALENDAR, LARGEST_SEQUENCE, MAX_ENTRIES, UnableToRead, read_calendar

EVENT = ("UID:one@example.org", "SEQUENCE:3", "DTSTAMP:20260302T090000Z")


def calendar(*lines, method="METHOD:REPLY", events=1):
    vevent = ["BEGIN:VEVENT", *lines, "END:VEVENT"] * events
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x", method, *vevent, "END:VCALENDAR", ""]).encode()


def read(content, charset="utf-8", method=""):
    return read_calendar(content, charset=charset, method=method)


def entry(*lines):
    [found] = read(calendar(*EVENT, *lines)).entries
    return found


def test_an_answer_is_read_with_who_gave_it():
    found = entry("ATTENDEE;PARTSTAT=declined:MAILTO:Ann@Example.org", "COMMENT:so   sorry")

    assert (found.uid, found.sequence, found.stamped_at) == ("one@example.org", 3, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert found.comment == "so sorry"
    attendee = found.attendee_called("ann@example.org")
    assert attendee is not None
    assert attendee.answer == "DECLINED"
    assert found.attendee_called("bob@example.org") is None


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;EMAIL=ann@example.org;PARTSTAT=ACCEPTED:urn:uuid:550e8400-e29b-41d4-a716-446655440000",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann%40example.org",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org?subject=hello",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:<ann@example.org>",
    ],
)
def test_an_address_is_known_however_it_is_written(line):
    assert entry(line).attendee_called("ann@example.org") is not None


def test_nobody_is_named_in_a_representation():
    assert "ann" not in repr(entry("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org", "COMMENT:ann is ill"))


@pytest.mark.parametrize(
    ("header", "line", "method"), [("request", "", "REQUEST"), ("request", "METHOD:reply", "REPLY")]
)
def test_the_method_of_the_object_comes_before_that_of_the_mail(header, line, method):
    assert read(calendar(*EVENT, method=line or "X-NONE:1"), method=header).method == method


@pytest.mark.parametrize(
    ("line", "sequence"),
    [("SEQUENCE:-1", 0), ("SEQUENCE:many", 0), (f"SEQUENCE:{10**18}", LARGEST_SEQUENCE), ("SEQUENCE:", 0)],
)
def test_a_sequence_that_is_no_number_of_a_change_is_none(line, sequence):
    [found] = read(calendar("UID:x", line)).entries

    assert found.sequence == sequence


def test_a_moment_without_a_zone_is_utc_and_a_broken_one_is_none():
    [local, broken] = [read(calendar("UID:x", line)).entries[0] for line in ("DTSTAMP:20260302T090000", "DTSTAMP:soon")]

    assert local.stamped_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert broken.stamped_at is None


def test_no_more_entries_are_read_than_a_program_would_send():
    assert len(read(calendar(*EVENT, events=MAX_ENTRIES + 5)).entries) == MAX_ENTRIES


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "calendar-malformed"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "calendar-malformed"),
        (calendar(*EVENT) * 2, "several-calendars"),
        (b"x" * (LARGEST_CALENDAR + 1), "calendar-too-large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(content, code):
    with pytest.raises(UnableToRead) as refusal:
        read(content)

    assert refusal.value.code == code
