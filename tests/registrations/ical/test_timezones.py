"""Other people's parsers read the moment that was meant (specs/calendar.md 2.7, 8): by Thunderbird's ical.js, vobject
and GNOME's libical.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from registrations import ical
from tests.factories import NOW
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.readers import READERS

AMSTERDAM = "Europe/Amsterdam"
WITH_A_RULE = [
    AMSTERDAM,
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
]
WITHOUT_CHANGES = ["Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Nairobi"]


def invitation(starts_at, ends_at, timezone):
    appointment = ical.Appointment(
        uid="11111111-2222-4333-8444-555555555555",
        sequence=0,
        stamped_at=NOW,
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=timezone,
        summary="Performance",
        location="Aula",
        url="https://samen.example.org/",
    )
    return ical.invitation(appointment, ical.Attendee(name="Ann", address="ann@demo.example")).content


def at(moment, timezone=AMSTERDAM):
    """The wall clock there, such as "2026-03-28 23:30"."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def meant(*sessions):
    return [{"starts": int(start.timestamp()), "ends": int(end.timestamp())} for start, end, _ in sessions]


AROUND_CHANGES = [
    (at("2026-03-28 10:00"), at("2026-03-28 12:00"), AMSTERDAM),
    (at("2026-03-28 23:30"), at("2026-03-29 04:00"), AMSTERDAM),
    (at("2026-03-29 00:30"), at("2026-03-29 01:59"), AMSTERDAM),
    (at("2026-03-29 03:00"), at("2026-03-29 05:00"), AMSTERDAM),
    (at("2026-03-29 10:00"), at("2026-03-29 12:00"), AMSTERDAM),
    (at("2026-10-24 10:00"), at("2026-10-24 12:00"), AMSTERDAM),
    (at("2026-10-24 22:00"), at("2026-10-25 04:00"), AMSTERDAM),
    (at("2026-10-25 03:00"), at("2026-10-25 05:00"), AMSTERDAM),
    (at("2026-10-25 10:00"), at("2026-10-25 12:00"), AMSTERDAM),
    (at("2027-03-28 03:00"), at("2027-03-28 04:00"), AMSTERDAM),
    (at("2026-06-10 22:00"), at("2026-06-11 01:00"), AMSTERDAM),
    (at("2026-12-31 23:00"), at("2027-01-01 01:00"), AMSTERDAM),
    (at("2026-03-07 20:00", "America/New_York"), at("2026-03-08 04:00", "America/New_York"), "America/New_York"),
    (at("2026-11-01 00:30", "America/New_York"), at("2026-11-01 03:00", "America/New_York"), "America/New_York"),
    (at("2026-02-17 10:00", "Africa/Casablanca"), at("2026-02-17 12:00", "Africa/Casablanca"), "Africa/Casablanca"),
    (at("2026-03-17 10:00", "Africa/Casablanca"), at("2026-03-17 12:00", "Africa/Casablanca"), "Africa/Casablanca"),
    *(
        (start, start + timedelta(minutes=30), AMSTERDAM)
        for start in (datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(6))
    ),
]


def around_the_changes_of(timezone):
    """From two hours before to two hours after each change of 2026, every half hour."""
    zone, hour = ZoneInfo(timezone), timedelta(hours=1)
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + hour * number for number in range(365 * 24)]
    for moment in moments:
        if moment.astimezone(zone).utcoffset() != (moment + hour).astimezone(zone).utcoffset():
            for step in range(-4, 6):
                start = moment + hour / 2 * step
                yield start, start + timedelta(minutes=45), timezone


@pytest.fixture(scope="module")
def around_changes():
    sessions = [*AROUND_CHANGES, *(s for timezone in WITH_A_RULE for s in around_the_changes_of(timezone))]
    return sessions, [invitation(*session) for session in sessions]


def test_sessions_around_changes_of_the_clock_keep_the_rules(around_changes):
    for content in around_changes[1]:
        rules.assert_object_keeps_the_rules(content)


@pytest.mark.parametrize("read", READERS)
def test_sessions_around_changes_of_the_clock_are_read_as_meant(read, around_changes):
    sessions, contents = around_changes

    found = read(*contents)

    assert [{name: event[name] for name in ("starts", "ends")} for event in found] == meant(*sessions)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("timezone", WITHOUT_CHANGES)
def test_a_zone_without_changes_has_one_standard_and_no_rule(read, timezone):
    session = (at("2026-05-12 10:00", timezone), at("2026-05-12 12:00", timezone), timezone)
    content = invitation(*session)
    lines = rules.lines_of(content)

    [event] = read(content)

    assert [event["starts"], event["ends"]] == list(meant(session)[0].values())
    assert lines.count("BEGIN:STANDARD") == 1
    assert not [line for line in lines if line.startswith(("BEGIN:DAYLIGHT", "RRULE"))]
    assert f"DTSTART;TZID={timezone}:20260512T100000" in lines


def test_amsterdam_is_the_block_that_everything_reads():
    zone = ical.vtimezone(AMSTERDAM, NOW).to_ical(sorted=False).decode()

    assert zone == rules.R42.replace("\n", "\r\n")


@pytest.mark.parametrize("timezone", WITH_A_RULE)
def test_a_zone_with_a_rule_is_written_in_its_own_time(timezone):
    assert ical.zone_for(timezone, [NOW]) == ZoneInfo(timezone)


@pytest.mark.parametrize(
    ("timezone", "moment"),
    [
        ("Africa/Casablanca", NOW),  # its clock follows Ramadan
        ("UTC", NOW),
        ("Etc/UTC", NOW),
        ("Etc/GMT-1", NOW),
        ("CET", NOW),
        ("America/Sao_Paulo", datetime(2018, 6, 1, tzinfo=UTC)),  # the law changed within two years
        ("Europe/Moscow", datetime(2011, 6, 1, tzinfo=UTC)),  # another offset for good
        ("America/Sao_Paulo", datetime(2008, 6, 1, tzinfo=UTC)),  # another month than the year before
    ],
)
def test_where_no_rule_is_true_it_is_utc(timezone, moment):
    content = invitation(moment, moment + timedelta(hours=1), timezone)

    lines = rules.lines_of(content)

    assert ical.zone_for(timezone, [moment]) is UTC
    assert f"DTSTART:{moment:%Y%m%dT%H%M%SZ}" in lines
    assert not [line for line in lines if "TZID" in line or "VTIMEZONE" in line]


@pytest.mark.parametrize("minutes", [0, 59, 60, 119])
def test_the_hour_that_comes_twice_is_in_utc(minutes):
    moment = datetime(2026, 10, 25, 0, minutes % 60, tzinfo=UTC) + timedelta(hours=minutes // 60)

    assert ical.zone_for(AMSTERDAM, [NOW, moment]) is UTC


@pytest.mark.parametrize("moment", [datetime(2026, 10, 24, 23, 59, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)])
def test_right_before_and_after_that_hour_it_is_local(moment):
    assert ical.zone_for(AMSTERDAM, [moment]) == ZoneInfo(AMSTERDAM)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("days", [1, 2])
def test_from_midnight_to_midnight_is_all_day(read, days):
    """R19: as days, and the end is not one of them. Also over the day that has 23 hours."""
    starts_at = at("2026-03-29 00:00")
    ends_at = at(f"{date(2026, 3, 29) + timedelta(days=days)} 00:00")
    content = invitation(starts_at, ends_at, AMSTERDAM)

    [event] = read(content)

    assert (event["starts"], event["ends"]) == ("2026-03-29", f"2026-03-{29 + days}")
    assert event["components"] == ["VEVENT"]
    lines = rules.lines_of(content)
    assert "DTSTART;VALUE=DATE:20260329" in lines
    assert "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE" in lines
