"""One date as a file (specs/calendar.md 3.12, specs/privacy.md 3)."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from events.enums import EventStatus
from registrations.models import Invite
from registrations.services.attending import booking
from registrations.services.organizing import capacity
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_venue
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.readers import READERS
from tests.registrations.support.mails import SECRET, make_secret_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LINK = "https://meet.example.org/abc"


def address(session):
    return reverse("registrations:session_file", args=[session.key])


def fetched(client, session):
    response = client.get(address(session))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert response["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert "no-store" in response["Cache-Control"]
    rules.assert_object_keeps_the_rules(response.content)
    return response.content


def with_seat(client, session):
    person = make_person()
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    client.force_login(person)
    return person


@pytest.mark.parametrize("read", READERS)
def test_anybody_can_download_a_public_date(client, read):
    session = make_session(venue=make_venue(address="Mekelweg 5"), join_url=LINK)

    content = fetched(client, session)

    [event] = read(content)
    assert (event["method"], event["uid"], event["summary"]) == ("PUBLISH", str(session.ical_uid), session.title)
    assert event["starts"] == int(session.starts_at.timestamp())
    assert (event["attendees"], event["organizer"]["address"]) == ([], "mailto:samen@example.org")
    assert "Mekelweg 5" in event["location"]
    assert LINK.encode() not in content.replace(b"\r\n ", b"")


def test_with_a_seat_it_has_the_link_and_still_not_the_secret_identity(client):
    session = make_session(join_url=LINK)
    with_seat(client, session)

    content = fetched(client, session)

    assert LINK.encode() in content.replace(b"\r\n ", b"")
    assert str(session.ical_uid).encode() in content
    assert str(Invite.objects.get().uid).encode() not in content


@pytest.mark.parametrize("read", READERS)
def test_a_discreet_date_says_nothing(client, read):
    session = make_secret_session(join_url=LINK)
    with_seat(client, session)

    first, second = fetched(client, session), fetched(client, session)

    events = read(first, second)
    for content, event in zip((first, second), events, strict=True):
        assert SECRET.encode() not in content
        assert b"k7q2m9" not in content
        assert LINK.encode() not in content
        assert (event["method"], event["summary"], event["class"]) == ("PUBLISH", "Appointment", "PRIVATE")
        assert [event[name] for name in ("location", "description", "url")] == [None] * 3
        assert (event["attendees"], event["transp"]) == ([], "OPAQUE")
        assert event["organizer"]["cn"].strip('"') == "University Events"
    assert len({events[0]["uid"], events[1]["uid"], str(session.ical_uid)}) == 3


def test_it_is_in_the_language_of_the_reader(client):
    session = make_secret_session()
    with_seat(client, session)
    with translation.override("nl"):
        summary = gettext("Appointment")

    content = client.get(address(session), headers={"Accept-Language": "nl"}).content

    assert f"SUMMARY:{summary}\r\n".encode() in content


@pytest.mark.parametrize("read", READERS)
def test_the_file_in_another_zone_and_in_utc_is_read_as_meant(client, read):
    for timezone in ("America/New_York", "Africa/Casablanca"):
        session = make_session(timezone=timezone)

        [event] = read(fetched(client, session))

        assert event["starts"] == int(session.starts_at.timestamp())


def cancelled():
    session = make_session()
    capacity.cancel_session(session_key=session.key, actor=make_organizer(), now=NOW)
    return session


@pytest.mark.parametrize(
    "make",
    [
        cancelled,
        lambda: make_session(is_unlisted=True),
        lambda: make_session(event=make_event(status=EventStatus.DRAFT)),
        make_secret_session,
    ],
    ids=["cancelled", "unlisted", "draft", "discreet"],
)
def test_what_is_not_open_to_all_is_no_file(client, make):
    assert client.get(address(make())).status_code == 404


def test_waiting_is_no_seat(client):
    session = make_secret_session(capacity=0)
    with_seat(client, session)

    assert client.get(address(session)).status_code == 404


def test_the_page_of_a_date_links_to_it(client):
    session = make_session()

    assert address(session) in client.get(session.get_absolute_url()).content.decode()


def test_the_page_of_an_own_discreet_date_warns_about_calendars(client):
    session = make_secret_session()
    assert address(session) not in client.get(session.get_absolute_url()).content.decode()
    with_seat(client, session)

    page = client.get(session.get_absolute_url()).content.decode()

    assert address(session) in page
    assert "Colleagues or an assistant may be able to open your calendar." in page
    assert escape("“Appointment”") in page
