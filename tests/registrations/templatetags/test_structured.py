from __future__ import annotations

import json
import re

import pytest

from events.enums import EventStatus
from registrations.services.organizing import capacity
from tests.factories import NOW, make_event, make_organizer, make_session, make_venue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told_on(client, offer):
    """What a search engine reads on the page of an event or a date."""
    page = client.get(offer.get_absolute_url()).content.decode()
    found = BLOCK.findall(page)
    assert len(found) <= 1
    return json.loads(found[0])["@graph"] if found else []


def test_a_date_is_told_as_schema_org_wants_it(client, settings):
    event = make_event(title_en="Mindlab", summary_en="About us.")
    session = make_session(event=event, venue=make_venue(name="Aula", room="", address="Street 5"), language="en+nl")

    [told] = told_on(client, session)

    assert told == {
        "@type": "Event",
        "@id": f"urn:uuid:{session.ical_uid}",
        "name": "Mindlab",
        "description": "About us.",
        "startDate": "2026-03-12T10:00:00+01:00",
        "endDate": "2026-03-12T12:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": [{"@type": "Place", "name": "Aula", "address": "Street 5"}],
        "inLanguage": ["en", "nl"],
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": settings.UNIVERSITY, "url": "http://testserver"},
        "url": f"http://testserver/sessions/{session.key}/",
    }


def test_the_page_of_an_event_tells_of_its_dates(client):
    event = make_event()
    dates = [make_session(event=event), make_session(event=event)]

    told = told_on(client, event)

    assert {date["@id"] for date in told} == {f"urn:uuid:{date.ical_uid}" for date in dates}


def test_no_link_to_join_is_told(client):
    event = make_event()
    online = make_session(event=event, venue=None, join_url="https://meet.example.org/secret")
    both = make_session(event=event, join_url="https://meet.example.org/secret")

    [told_online], [told_both] = told_on(client, online), told_on(client, both)

    assert told_online["eventAttendanceMode"].endswith("OnlineEventAttendanceMode")
    assert told_online["location"] == [{"@type": "VirtualLocation", "url": told_online["url"]}]
    assert told_both["eventAttendanceMode"].endswith("MixedEventAttendanceMode")
    assert [place["@type"] for place in told_both["location"]] == ["Place", "VirtualLocation"]
    assert "secret" not in json.dumps([told_online, told_both])


def test_what_is_cancelled_says_so(client):
    session = make_session()
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)

    [told] = told_on(client, session)

    assert told["eventStatus"] == "https://schema.org/EventCancelled"


@pytest.mark.parametrize(
    "offer", [{"is_discreet": True}, {"status": EventStatus.UNLISTED}, {"status": EventStatus.CANCELLED}]
)
def test_nothing_is_told_of_what_is_not_for_everybody(client, offer):
    event = make_event(**offer)
    session = make_session(event=event)

    assert told_on(client, event) == told_on(client, session) == []


def test_an_unlisted_date_is_not_told(client):
    organizer = make_organizer()
    client.force_login(organizer)
    event = make_event()
    make_session(event=event, is_unlisted=True)

    assert told_on(client, event) == []


def test_a_title_cannot_end_the_block(client):
    title = "</script><script>alert(1)</script> & <!--"
    session = make_session(event=make_event(title_en=title))

    page = client.get(session.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert told_on(client, session)[0]["name"] == title


def test_a_discreet_page_names_no_feeds(client):
    session = make_session(event=make_event(is_discreet=True))

    for path in (session.get_absolute_url(), session.event.get_absolute_url()):
        assert 'rel="alternate"' not in client.get(path).content.decode()
