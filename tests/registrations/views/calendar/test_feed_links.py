from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.urls import reverse

from project.accounts.enums import CalendarPreference
from project.accounts.services import feed_secrets
from tests.factories import make_event, make_session, make_unit
from tests.registrations.feeds.readers import address_of, titles_in
from tests.registrations.support.screens import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINE, FEEDS = "/my/calendar/", "/feeds/"


def subscription(client, path):
    return client.get(path).context["subscription"]


def test_the_page_of_ones_own_calendar_is_for_people_who_are_signed_in(client):
    assert client.get(MINE).status_code == 302
    assert client.post(reverse("registrations:my_calendar_new_link")).status_code == 302


def test_each_calendar_program_gets_the_address_in_its_own_way(client, person, settings):
    settings.BASE_URL = "https://samen.example.org"

    offered = subscription(client, MINE)

    path = address_of(person)
    assert offered.address == f"https://samen.example.org{path}"
    assert offered.webcal == f"webcal://samen.example.org{path}"
    assert offered.google == f"https://calendar.google.com/calendar/r?cid={quote(offered.webcal, safe='')}"
    for link, host in ((offered.outlook_at_work, "outlook.office.com"), (offered.outlook_at_home, "outlook.live.com")):
        asked = urlsplit(link)
        assert (asked.hostname, asked.path) == (host, "/calendar/0/addfromweb")
        assert parse_qs(asked.query) == {"url": [offered.address], "name": ["Samen: my sessions"]}
    page = client.get(MINE)
    assert "no-store" in page["Cache-Control"]
    for link in (offered.address, offered.webcal, offered.google):
        assert link in page.content.decode().replace("&amp;", "&")


def test_the_link_on_the_page_works(client, person):
    offered = subscription(client, MINE)

    assert titles_in(client.get(offered.path)) == []


def test_a_new_link_ends_the_old_one(client, person):
    old = address_of(person)

    page = client.post(reverse("registrations:my_calendar_new_link"), follow=True)

    assert "The old one has stopped" in text_of(page)
    assert client.get(old).status_code == 404
    new = subscription(client, MINE).path
    assert new != old
    assert client.get(new).status_code == 200


def test_asking_for_a_new_link_by_opening_a_page_changes_nothing(client, person):
    assert client.get(reverse("registrations:my_calendar_new_link")).status_code == 405
    assert feed_secrets.find(feed_secrets.secret_of(person)) == person


def test_somebody_who_also_gets_invitations_is_told_that_it_may_be_double(client, person):
    assert "may show a session twice" in text_of(client.get(MINE))

    person.calendar_preference = CalendarPreference.FEED
    person.save()

    assert "may show a session twice" not in text_of(client.get(MINE))


@pytest.mark.parametrize("path", [MINE, FEEDS])
def test_it_says_how_slow_calendars_are(client, person, path):
    assert "Google every 8 to 24 hours" in text_of(client.get(path))


def test_it_says_who_can_read_it(client, person):
    assert "Anyone who has this link can read it" in text_of(client.get(MINE))


def test_one_chooses_which_dates_by_links(client):
    make_unit("me", name_en="Mechanics")
    make_session(event=make_event(title_en="Talk", units=("me",)))

    everything, kind = subscription(client, FEEDS), subscription(client, f"{FEEDS}?kind=performance")
    unit, unknown = subscription(client, f"{FEEDS}?unit=me"), subscription(client, f"{FEEDS}?unit=%00&kind=nothing")

    assert everything.path == unknown.path == "/feeds/events.ics"
    assert (kind.path, kind.name) == ("/feeds/kinds/performance.ics", "Samen: Performance")
    assert (unit.path, unit.name) == ("/feeds/me.ics", "Samen: Mechanics")
    for offered in (everything, kind, unit):
        assert titles_in(client.get(offered.path)) == ["Talk"]


def test_a_feed_is_offered_in_the_language_of_the_page(client):
    client.cookies["language"] = "nl"

    assert subscription(client, FEEDS).path == "/feeds/events.ics?lang=nl"
    assert client.get("/feeds/events.ics?lang=nl")["Content-Language"] == "nl"


def test_the_catalogue_leads_to_the_feeds_for_people_and_for_programs(client):
    page = client.get("/").content.decode()

    assert f'href="{FEEDS}"' in page
    assert 'rel="alternate" type="application/atom+xml"' in page
    assert 'rel="alternate" type="text/calendar"' in page


@pytest.mark.parametrize("units", [1, 30])
def test_the_page_of_the_feeds_costs_the_same_for_any_number_of_units(client, units, django_assert_num_queries):
    for number in range(units):
        make_unit(f"unit{number}")

    with django_assert_num_queries(1):
        client.get(FEEDS)
