from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from registrations.templatetags.sharing import address_of, google_calendar, may_be_shared, outlook_calendar
from tests.factories import make_event, make_session, make_venue

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_google_gets_time_title_place_and_the_page():
    venue = make_venue(name="Aula", room="Room & hall")
    session = make_session(event=make_event(title_en="Speaking up"), starts_at=START, venue=venue)

    address = google_calendar(session)

    assert address.startswith("https://calendar.google.com/calendar/render?")
    assert asked(address) == {
        "action": "TEMPLATE",
        "text": "Speaking up",
        "dates": "20260312T090000Z/20260312T110000Z",
        "location": "Aula, Room & hall",
        "details": address_of(session),
    }


def test_outlook_gets_the_same():
    session = make_session(event=make_event(title_en="Speaking up"), starts_at=START)

    address = outlook_calendar(session)

    assert address.startswith("https://outlook.office.com/calendar/deeplink/compose?path=%2Fcalendar")
    assert asked(address)["subject"] == "Speaking up"
    assert (asked(address)["startdt"], asked(address)["enddt"]) == ("2026-03-12T09:00:00Z", "2026-03-12T11:00:00Z")


def test_whole_days_have_no_hours():
    midnight = datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
    session = make_session(starts_at=midnight, ends_at=midnight + timedelta(days=2))

    assert asked(google_calendar(session))["dates"] == "20260312/20260314"
    assert asked(outlook_calendar(session))["allday"] == "true"
    assert asked(outlook_calendar(session))["enddt"] == "2026-03-14"


def test_the_link_to_join_is_in_neither():
    session = make_session(venue=None, join_url="https://meet.example/secret")

    assert "secret" not in google_calendar(session) + outlook_calendar(session)


def test_only_what_strangers_may_know_is_shared():
    assert may_be_shared(make_session())
    assert not may_be_shared(make_session(is_unlisted=True))
    assert not may_be_shared(make_session(event=make_event(is_discreet=True)))
