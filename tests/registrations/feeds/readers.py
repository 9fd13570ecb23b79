"""A calendar program that subscribes: it fetches, keeps the tag, and reads what it got with a parser that is
not ours.
"""

from __future__ import annotations

from itertools import pairwise

import vobject
from icalendar import Calendar

from project.accounts.services import feed_secrets

EVERYTHING = "/feeds/events.ics"


def address_of(person):
    person.refresh_from_db()
    return f"/feeds/my/{feed_secrets.secret_of(person)}.ics"


def events_in(response):
    """As icalendar reads them."""
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    check_form(response.content)
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def read_by_another(response):
    """As vobject reads them, a parser with another author."""
    return list(vobject.readOne(response.content.decode()).contents.get("vevent", []))


def titles_in(response):
    """The dates' own titles, without the event that stands behind them in brackets."""
    return [str(event["SUMMARY"]).partition(" (")[0] for event in events_in(response)]


def check_form(content):
    """What every feed keeps to (specs/calendar.md R11, R39, R52 to R54)."""
    lines = content.decode().split("\r\n")
    assert "\n" not in content.decode().replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any(line.startswith(("METHOD", "ATTENDEE", "ORGANIZER")) for line in lines)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "BEGIN:VTIMEZONE" in lines
    assert lines.index("REFRESH-INTERVAL;VALUE=DURATION:PT1H") < lines.index("BEGIN:VTIMEZONE")
    named = {line.removeprefix("TZID:") for line in lines if line.startswith("TZID:")}
    asked = {line.split("TZID=")[1].split(":")[0] for line in lines if ";TZID=" in line}
    assert asked <= named
    order = [(event["DTSTART"].dt.isoformat(), event["UID"]) for event in _in_utc(content)]
    assert all(one <= other for one, other in pairwise(order))
    assert len(content) < 1_000_000


def _in_utc(content):
    events = Calendar.from_ical(content).walk("VEVENT")
    return [event for event in events if str(event["DTSTART"].params.get("TZID", "")) == "Europe/Amsterdam"]


def again(client, address, response, **headers):
    """The same program asks whether anything changed."""
    return client.get(address, headers={"if-none-match": response["ETag"], **headers})


def none_made(monkeypatch):
    """From here on a feed cannot be written down any more: who answers anyway has not made it."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("The feed was made.")

    monkeypatch.setattr("registrations.feeds.calendars.written", refuse)
    monkeypatch.setattr("registrations.feeds.atom.written", refuse)
