"""What people type reaches calendars as words, and as nothing else (specs/calendar.md R13 to R17, 6, 8)."""

from __future__ import annotations

from typing import Any

import pytest

from registrations import ical
from tests.factories import NOW
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.readers import READERS

TITLES = {
    "escapes": ("Listen, speak; act: \\ \"now\" 'here' <b>bold</b> & more", None),
    "backslash-n": ("not a \\n line \\, nor \\; this", None),
    "lines": ("one\r\ntwo\rthree\nfour\u2028five\x85six", "one two three four five six"),
    "controls": ("a\x00b\x07c\x1bd\x7fe", "abcde"),
    "half a letter": ("a\ud83db", "ab"),
    "emoji": ("Samen \N{FAMILY} \U0001f469\u200d\U0001f3ed\U0001f1f3\U0001f1f1", None),
    "Japanese": ("安全な大学のための対話" * 5, None),
    "right to left": ("ورشة عمل ,; \u202bعن الأمان\u202c في الجامعة", None),
    "long": ("x" * 300, "x" * 255),
    "long and wide": ("語" * 300, "語" * 255),
    "an injection": (
        "Title\r\nATTENDEE:mailto:x@y.example\r\nEND:VEVENT",
        "Title ATTENDEE:mailto:x@y.example END:VEVENT",
    ),
}
NAMES = {
    "quotes": ('Zo"ë, the; first: one', "Zoë, the; first: one"),
    "lines": ("Ann\r\nX-EVIL:1\x07", "Ann X-EVIL:1"),
    "caret": ("A^nn^'", "Ann'"),
    "apostrophe": ("Siobhán O'Neill", None),
    "Japanese": ("山田 太郎", None),
    "long": ("n" * 300, None),
}


def appointment(**overrides):
    values: dict[str, Any] = {
        "uid": "11111111-2222-4333-8444-555555555555",
        "sequence": 3,
        "stamped_at": NOW,
        "starts_at": NOW,
        "ends_at": NOW.replace(hour=12),
        "timezone": "Europe/Amsterdam",
        "summary": "Performance",
        "location": "Aula",
        "url": "https://samen.example.org/sessions/1/",
    }
    return ical.Appointment(**(values | overrides))


def invitation(name="Ann", **overrides):
    content = ical.invitation(appointment(**overrides), ical.Attendee(name=name, address="ann@demo.example")).content
    rules.assert_object_keeps_the_rules(content)
    return content


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("title", "shown"), TITLES.values(), ids=TITLES.keys())
def test_a_title_is_read_as_it_was_typed(read, title, shown):
    content = invitation(summary=title, location=title, description=title)

    [event] = read(content)

    assert event["summary"] == (shown or title)
    assert event["location"].startswith(shown or title)
    assert " ".join(event["description"].split()).startswith(shown or title)
    assert len(event["attendees"]) == 1


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES.keys())
def test_a_name_is_read_as_it_was_typed_without_quotes(read, name, shown):
    [event] = read(invitation(name=name))

    assert event["attendees"][0]["cn"].strip('"') == (shown or name)


@pytest.mark.parametrize("read", READERS)
def test_a_long_text_keeps_the_link_at_its_end(read):
    """R14: what is long is lost; the way in must not be."""
    link = "https://meet.example.org/abc?pwd=1,2;3"

    [event] = read(invitation(description="word " * 1000, join_url=link))

    assert len(event["description"]) <= 1500
    assert event["description"].endswith(f"\n\n{link}")


@pytest.mark.parametrize("read", READERS)
def test_without_a_room_the_link_is_the_place(read):
    [event] = read(invitation(location="", join_url="https://meet.example.org/abc"))

    assert event["location"] == "https://meet.example.org/abc"


def test_the_link_is_a_conference_too_with_a_label():
    lines = rules.lines_of(invitation(join_url="https://meet.example.org/a,b", join_label='Join "online": now'))

    assert 'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Join online: now":https://meet.example.org/a,b' in lines


def test_a_link_cannot_bring_a_property_with_it():
    lines = rules.lines_of(invitation(url="https://samen.example.org/\r\nX-EVIL:1", join_url="https://x.example/ \n y"))

    assert "URL:https://samen.example.org/X-EVIL:1" in lines
    assert not [line for line in lines if line.startswith("X-EVIL")]


def test_the_address_of_a_domain_with_other_letters_is_that_of_the_envelope():
    content = ical.invitation(appointment(), ical.Attendee(name="", address="ann@bücher.example")).content

    assert any(line.endswith(":mailto:ann@xn--bcher-kva.example") for line in rules.lines_of(content))


def test_the_rest_stands_there_as_the_programs_want_it():
    lines = rules.lines_of(invitation(position=(52.0022, 4.3736)))

    for line in (
        "CLASS:PUBLIC",
        "GEO:52.0022;4.3736",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
    ):
        assert line in lines


def test_the_person_who_leads_is_the_chair():
    attendee = ical.Attendee(name="Ann", address="ann@demo.example", role=ical.CHAIR)

    lines = rules.lines_of(ical.invitation(appointment(), attendee).content)

    assert [line for line in lines if "ROLE=CHAIR" in line]
