from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection

from events.enums import EventKind, EventStatus
from events.models import Session
from registrations.feeds import spans
from registrations.services.attending import booking
from registrations.services.organizing import capacity, reinstatement, schedule
from tests.architecture import sources
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_unit, make_venue
from tests.registrations.feeds.readers import EVERYTHING, events_in, read_by_another, titles_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ODD = "A, b; c: \\n \"d\" 'e' <b>f</b> & \N{SMILING FACE WITH SMILING EYES} 日本 \N{HEBREW LETTER ALEF}"


def test_a_date_says_what_everybody_may_know(client):
    venue = make_venue(name="Aula", room="Blue room", address="Street 5", latitude=52.0, longitude=4.37)
    event = make_event(title_en="Mindlab", summary_en="About us.", changed_at=NOW - timedelta(days=2))
    session = make_session(event=event, venue=venue, changed_at=NOW - timedelta(days=1))

    [entry] = events_in(client.get(EVERYTHING))

    assert str(entry["UID"]) == str(session.ical_uid)
    assert entry["SEQUENCE"] == 0
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == NOW - timedelta(days=1)
    assert entry["DTSTART"].dt == session.starts_at
    assert entry["DTEND"].dt == session.ends_at
    assert str(entry["SUMMARY"]) == "Mindlab"
    assert str(entry["STATUS"]) == "CONFIRMED"
    assert str(entry["LOCATION"]) == "Aula, Blue room, Street 5"
    assert entry["GEO"].to_ical() == "52.0;4.37"
    assert entry["URL"] == f"http://testserver/sessions/{session.key}/"
    assert "About us." in entry["DESCRIPTION"]


def test_the_head_is_what_calendar_programs_look_for(client, settings):
    settings.UNIVERSITY = "A, b; c"

    content = client.get(EVERYTHING).content.decode()

    assert "NAME:Samen at A\\, b\\; c\r\n" in content
    assert "X-WR-CALNAME:Samen at A\\, b\\; c\r\n" in content
    assert "X-WR-TIMEZONE:Europe/Amsterdam\r\n" in content
    assert "X-PUBLISHED-TTL:PT1H\r\n" in content
    assert "\r\nUID" not in content


def test_an_empty_feed_is_whole_all_the_same(client):
    response = client.get(EVERYTHING)

    assert events_in(response) == []
    assert response.content.count(b"BEGIN:VTIMEZONE") == 1


def test_nothing_leaks_that_is_not_for_everybody(client):
    """Beside one date of each kind that must stay in there is one of each that must not get out."""
    told = make_event(title_en="Told")
    make_session(event=told, join_url="https://meet.example.org/secret-room", venue=None)
    make_session(event=told, is_unlisted=True, title_en="Unlisted date")
    make_session(event=make_event(title_en="Discreet", is_discreet=True))
    for status in (EventStatus.DRAFT, EventStatus.UNLISTED, EventStatus.ARCHIVED, EventStatus.CANCELLED):
        make_session(event=make_event(title_en=f"Not {status}", status=status))
    person = make_person(name="Demo Unmistakable")
    booking.sign_up(session_key=Session.objects.exclude(join_url="").get().key, attendee=person, now=NOW)
    addresses = [EVERYTHING, "/feeds/me.ics", "/feeds/kinds/performance.ics", "/feeds/events.atom"]

    answers = {address: client.get(address).content.decode() for address in addresses}

    for content in answers.values():
        assert content.count("Told") >= 1
        for secret in ("secret-room", "Unlisted", "Discreet", "Not ", "Unmistakable", person.email, "ATTENDEE"):
            assert secret not in content
    assert "LOCATION:Online" in answers[EVERYTHING]


def test_one_can_subscribe_to_a_unit_or_a_kind(client):
    make_unit("tpm")
    make_session(event=make_event(title_en="For me", units=("me",), kind=EventKind.TRAINING))
    make_session(event=make_event(title_en="For tpm", units=("tpm",)))
    make_session(event=make_event(title_en="For all", title_nl="Voor iedereen"))

    assert sorted(titles_in(client.get("/feeds/me.ics"))) == ["For all", "For me"]
    assert sorted(titles_in(client.get("/feeds/tpm.ics"))) == ["For all", "For tpm"]
    assert titles_in(client.get("/feeds/kinds/training.ics")) == ["For me"]
    assert b"X-WR-CALNAME:Samen: Faculty me" in client.get("/feeds/me.ics").content
    assert b"X-WR-CALNAME:Samen: Faculteit me" in client.get("/feeds/me.ics?lang=nl").content
    assert "Voor iedereen" in titles_in(client.get("/feeds/events.ics?lang=nl"))


@pytest.mark.parametrize(
    "path", ["/feeds/nobody.ics", "/feeds/kinds/party.ics", "/feeds/kinds/TRAINING.ics", "/feeds/my/x.ics"]
)
def test_what_is_no_feed_is_not_found(client, path):
    response = client.get(path)

    assert (response.status_code, response.content) == (404, b"There is no such feed.\n")
    assert not response.cookies


def test_the_language_is_that_of_the_address_and_not_of_the_person_who_asks(client):
    make_session(event=make_event(title_en="English", title_nl="Nederlands"))

    assert titles_in(client.get(EVERYTHING, headers={"accept-language": "nl"})) == ["English"]
    assert titles_in(client.get(f"{EVERYTHING}?lang=xx")) == ["English"]
    assert client.get(f"{EVERYTHING}?lang=nl")["Content-Language"] == "nl"


def test_the_window_is_sixty_days_back_and_eighteen_months_ahead(client):
    """It moves at midnight in Amsterdam: now is Monday 2 March 2026."""
    first = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)  # 1 January there, 60 days before
    end = datetime(2027, 9, 1, 22, 0, tzinfo=UTC)  # 2 September there, which is not in it any more
    for title, starts_at in {
        "too early": first - timedelta(minutes=1),
        "first": first,
        "last": end - timedelta(minutes=1),
        "too late": end,
    }.items():
        make_session(title_en=title, starts_at=starts_at)

    assert titles_in(client.get(EVERYTHING)) == ["first", "last"]
    with time_machine.travel(datetime(2026, 3, 2, 23, 0, tzinfo=UTC), tick=False):
        assert titles_in(client.get(EVERYTHING)) == ["last", "too late"]


@pytest.mark.parametrize(
    ("day", "end"),
    [((2026, 8, 31), (2028, 2, 29)), ((2026, 2, 28), (2027, 8, 28)), ((2026, 12, 31), (2028, 6, 30))],
)
def test_eighteen_months_end_where_the_month_does(day, end):
    last = spans.Span(date(*day)).last

    assert (last.year, last.month, last.day) == end


def test_a_cancelled_date_says_so_until_its_day_is_over(client):
    session = make_session(event=make_event(title_en="Talk", title_nl="Praatje"))
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)

    [entry] = events_in(client.get(EVERYTHING))
    assert (str(entry["SUMMARY"]), str(entry["STATUS"]), str(entry["TRANSP"])) == (
        "CANCELLED: Talk",
        "CANCELLED",
        "TRANSPARENT",
    )
    assert entry["SEQUENCE"] == 1
    assert entry["DTSTAMP"].dt == NOW
    with time_machine.travel(session.ends_at + timedelta(hours=3), tick=False):
        assert len(events_in(client.get(EVERYTHING))) == 1
    with time_machine.travel(session.ends_at + timedelta(days=1), tick=False):
        assert events_in(client.get(EVERYTHING)) == []


def test_a_date_that_takes_place_after_all_is_certain_again(client):
    session = make_session(starts_at=NOW + timedelta(days=30))
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)
    later = NOW + timedelta(hours=1)

    reinstatement.reinstate_session(session_key=session.key, actor=make_organizer(), now=later)

    [entry] = events_in(client.get(EVERYTHING))
    assert (str(entry["STATUS"]), entry["SEQUENCE"], entry["DTSTAMP"].dt) == ("CONFIRMED", 2, later)


def test_each_change_of_time_or_place_raises_the_sequence_and_the_stamp(client):
    session = make_session(changed_at=NOW - timedelta(days=3))
    later = {"starts_at": session.starts_at + timedelta(hours=1), "ends_at": session.ends_at + timedelta(hours=1)}

    schedule.reschedule_session(session_key=session.key, **later, now=NOW)
    schedule.relocate_session(session_key=session.key, venue=make_venue(), join_url="", now=NOW + timedelta(hours=1))

    [entry] = events_in(client.get(EVERYTHING))
    assert entry["SEQUENCE"] == 2
    assert entry["DTSTAMP"].dt == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    "starts_at", ["2026-03-28T22:00", "2026-03-29T00:30", "2026-10-24T21:00", "2026-10-25T00:30", "2027-03-28T01:00"]
)
def test_both_readers_see_the_moment_it_is(client, starts_at):
    """Over both changes of the clock, in zones that have a rule and in one that has none (specs/calendar.md
    R45, 8.1).
    """
    start = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    for zone in ("Europe/Amsterdam", "America/New_York", "Africa/Casablanca", "Asia/Tokyo"):
        make_session(starts_at=start, ends_at=start + timedelta(hours=4), timezone=zone)

    response = client.get(EVERYTHING)

    assert {entry["DTSTART"].dt.astimezone(UTC) for entry in events_in(response)} == {start}
    others = read_by_another(response)
    assert [entry.dtstart.value.astimezone(UTC) for entry in others] == [start] * 4
    assert [entry.dtend.value.astimezone(UTC) for entry in others] == [start + timedelta(hours=4)] * 4


def test_odd_titles_arrive_as_they_are_written(client):
    make_session(event=make_event(title_en=ODD, summary_en=f"{ODD}\x01\r\nATTENDEE:mailto:x@example.org"))

    response = client.get(EVERYTHING)

    [entry], [other] = events_in(response), read_by_another(response)
    assert str(entry["SUMMARY"]) == other.summary.value == ODD
    assert "ATTENDEE:mailto:x@example.org" in str(entry["DESCRIPTION"]).split("\n")
    assert "\x01" not in response.content.decode()


@pytest.mark.postgresql  # a test database of SQLite lives in this process
def test_the_bytes_are_the_same_again_and_in_another_process(client, settings, transactional_db):
    settings.BASE_URL = "http://localhost"  # as the other process has it
    make_session(event=make_event(title_en=ODD))
    make_session(timezone="America/New_York")
    here = [client.get(EVERYTHING).content, client.get(EVERYTHING, headers={"accept-encoding": "identity"}).content]

    program = f"""
import django, sys, time_machine
django.setup()
from django.test import Client
with time_machine.travel({NOW.timestamp()}, tick=False):
    sys.stdout.buffer.write(Client().get("{EVERYTHING}", headers={{"host": "localhost"}}).content)
"""
    there = _run(program)

    assert here[0] == here[1] == there


def _run(program):
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONHASHSEED": "1", "REDIS_URL": "redis://127.0.0.1:9/0"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], cwd=sources.ROOT, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_what_does_not_fit_is_the_farthest(client):
    """2,700 dates with long words: the feed stays below a megabyte, and nearest is what comes next."""
    event = make_event(summary_en="w" * 300)
    venue = make_venue()
    start = NOW - timedelta(days=20)
    Session.objects.bulk_create(
        Session(
            event=event,
            slot=event.key,
            venue=venue,
            starts_at=start + timedelta(hours=4 * number),
            ends_at=start + timedelta(hours=4 * number + 1),
            capacity=1,
            changed_at=NOW,
        )
        for number in range(2_700)
    )

    response = client.get(EVERYTHING)

    times = [entry["DTSTART"].dt for entry in events_in(response)]
    assert 900_000 < len(response.content) < 1_000_000
    assert min(times) >= spans.Span.around(NOW).today
    assert 1_000 < len(times) < 2_500
