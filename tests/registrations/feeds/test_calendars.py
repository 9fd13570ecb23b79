from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies

from registrations.feeds import calendars, stamps
from registrations.feeds.entries import Entry
from registrations.ical import Appointment
from tests.factories import NOW
from tests.registrations.feeds.readers import check_form
from tests.registrations.support.calendar.rules import R42

GOLDEN = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Samen//Registration//EN
CALSCALE:GREGORIAN
NAME:All
X-WR-CALNAME:All
X-WR-CALDESC:Dates of the social-safety programme of Demo University
X-WR-TIMEZONE:Europe/Amsterdam
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
{R42}BEGIN:VEVENT
UID:0b5c60
SEQUENCE:3
DTSTAMP:20260302T090000Z
DTSTART;TZID=Europe/Amsterdam:20260302T100000
DTEND;TZID=Europe/Amsterdam:20260302T110000
SUMMARY:CANCELLED: Talk
STATUS:CANCELLED
CLASS:PUBLIC
URL:https://example.org/
LOCATION:Aula
DESCRIPTION:Words
GEO:52.0;4.0
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
LAST-MODIFIED:20260302T090000Z
END:VEVENT
END:VCALENDAR
"""


def appointment(**overrides):
    values: dict[str, Any] = {
        "uid": "0b5c60",
        "sequence": 0,
        "stamped_at": NOW,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "timezone": "Europe/Amsterdam",
        "summary": "Talk",
    }
    return Appointment(**(values | overrides))


def test_the_form_is_the_one_that_stamps_stand_for():
    """Who changes it raises `stamps.FORM`, or nobody who knows the old form gets the new one before something else
    changes.
    """
    talk = appointment(
        sequence=3,
        summary="CANCELLED: Talk",
        location="Aula",
        position=(52.0, 4.0),
        description="Words",
        url="https://example.org/",
    )

    content = calendars.written("All", [Entry(talk, is_cancelled=True)], today=NOW)

    assert (stamps.FORM, content.decode().replace("\r\n", "\n")) == (2, GOLDEN)


def test_a_year_with_other_rules_is_written_in_utc():
    """One definition of a name is all that a calendar may have: New York changed its summer in 2007."""
    starts = [datetime(year, 7, 1, 12, tzinfo=UTC) for year in (2004, 2020)]
    times = [{"starts_at": start, "ends_at": start + timedelta(hours=1)} for start in starts]
    found = [Entry(appointment(uid=str(n), timezone="America/New_York", **time)) for n, time in enumerate(times)]

    content = calendars.written("All", found, today=NOW).decode()

    assert content.count("TZID:America/New_York") == 1
    assert "DTSTART;TZID=America/New_York:20040701T080000" in content
    assert "DTSTART:20200701T120000Z" in content


@given(title=strategies.text(min_size=1, max_size=300), summary=strategies.text(max_size=400))
def test_no_text_breaks_a_feed(title, summary):
    talk = appointment(summary=title, description=summary, url="https://example.org/")

    content = calendars.written(title, [Entry(talk)], today=NOW)

    check_form(content)
    assert content.count(b"BEGIN:VEVENT") == 1
