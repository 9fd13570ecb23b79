"""The dates on the page of an event: narrowed by links, with the nearest one for this reader beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.enums import SessionLanguage
from project.accounts.enums import Audience, RoleKind
from registrations.enums import Status
from tests.factories import NOW, give_role, make_event, make_person, make_session, make_venue
from tests.registrations.support.mails import make_claim
from tests.registrations.support.screens import text_of
from tests.registrations.support.seats.offered import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DUTCH, ENGLISH = SessionLanguage.DUTCH, SessionLanguage.ENGLISH
DAY = timedelta(days=1)


def dates(event, *languages, **more):
    return [
        make_session(event=event, language=language, starts_at=NOW + (number + 1) * DAY, **more)
        for number, language in enumerate(languages)
    ]


def shown(response):
    return [row.session for row in response.context["listed"]]


def test_dates_are_narrowed_by_language_in_the_address(client):
    event = make_event()
    dutch, english = dates(event, DUTCH, ENGLISH)

    assert shown(client.get(f"{event.get_absolute_url()}?language=nl")) == [dutch]
    assert shown(client.get(f"{event.get_absolute_url()}?language=en")) == [english]
    assert shown(client.get(f"{event.get_absolute_url()}?language=xx")) == [dutch, english]
    assert 'href="?language=en#dates"' in client.get(event.get_absolute_url()).text


def test_dates_in_one_language_have_no_choice_of_it(client):
    event = make_event()
    rows = dates(event, DUTCH, DUTCH)

    page = client.get(f"{event.get_absolute_url()}?language=en")

    assert shown(page) == rows
    assert "#dates" not in page.text.partition('id="dates"')[2].partition("</section>")[0]


def test_somebody_signed_in_may_see_only_what_is_for_them(client):
    event = make_event()
    [mine] = dates(event, ENGLISH)
    make_session(event=event, audiences=(Audience.STUDENT,))

    assert "For me" not in client.get(event.get_absolute_url()).text
    signed_in(client)
    assert "For me" in client.get(event.get_absolute_url()).text
    assert shown(client.get(f"{event.get_absolute_url()}?for_me=1")) == [mine]


@pytest.mark.parametrize(("language", "number"), [("nl", 0), ("en", 1)])
def test_the_date_in_reach_is_in_the_language_of_the_reader(client, language, number):
    event = make_event()
    rows = dates(event, DUTCH, ENGLISH)

    response = client.get(event.get_absolute_url(), headers={"Accept-Language": language})

    assert response.context["next_open"].session == rows[number]
    assert str(response.context["next_language"]) == ("Nederlands" if language == "nl" else "English")
    bar = response.text.partition('<aside class="reach"')[2]
    assert ("Alle 2 datums" if language == "nl" else "All 2 dates") in bar


def test_for_whom_is_said_once_where_all_dates_are_for_the_same_people(client):
    event = make_event()
    dates(event, ENGLISH, ENGLISH, audiences=(Audience.MANAGER,))

    text = text_of(client.get(event.get_absolute_url()))
    assert text.partition('id="dates"')[2].partition("</section>")[0].count("For managers") == 0

    signed_in(client)
    text = text_of(client.get(event.get_absolute_url()))
    assert text.count("This is only for managers.") == 1
    assert "For another group" not in text


def test_the_page_of_a_date_for_others_says_for_whom_and_offers_no_calendar(client):
    session = make_session(audiences=(Audience.MANAGER,))
    assert "calendar.google.com" in client.get(session.get_absolute_url()).text
    signed_in(client)

    text = client.get(session.get_absolute_url()).text

    assert "This is only for managers." in text
    assert "calendar.google.com" not in text


def test_the_rule_of_the_waiting_list_is_told_only_where_somebody_could_wait(client):
    event = make_event()
    session = make_session(event=event, capacity=1)
    rule = "How the waiting list works"
    assert rule not in client.get(event.get_absolute_url()).text
    assert rule not in client.get(session.get_absolute_url()).text

    make_claim(Status.CONFIRMED, session=session)

    for page in (event, session):
        text = text_of(client.get(page.get_absolute_url()))
        assert rule in text
        assert "From Thursday 12 March, 08:00" not in text
        assert "Until Monday 9 March, 10:00" in text


def test_other_events_are_suggested_where_all_dates_are_full(client):
    full, free = make_session(capacity=1), make_session(event=make_event(title_en="Elsewhere"))
    assert "Elsewhere" not in client.get(full.event.get_absolute_url()).text

    make_claim(Status.CONFIRMED, session=full)

    assert "Elsewhere" in client.get(full.event.get_absolute_url()).text
    assert "More like this" not in client.get(free.event.get_absolute_url()).text


@pytest.mark.parametrize("number", [1, 20])
def test_suggestions_cost_three_statements_whatever_their_number(client, number):
    full = make_session(capacity=1)
    make_claim(Status.CONFIRMED, session=full)
    for _ in range(number):
        make_session()
    signed_in(client)

    with CaptureQueriesContext(connection) as queries:
        client.get(full.event.get_absolute_url())

    assert len(queries) == 8, "\n".join(query["sql"] for query in queries)


def test_what_to_bring_and_questions_stand_on_the_page(client):
    event = make_event(bring_en="A pen.", questions_en="May I leave?\nAt any moment.")
    make_session(event=event)

    text = client.get(event.get_absolute_url()).text

    assert "A pen." in text
    assert "<summary>May I leave?</summary>" in text


def test_the_way_there_has_a_map_and_says_how_to_get_in_without_steps(client):
    venue = make_venue(directions_en="Second floor.", accessibility_en="There is a lift.", latitude=52.0, longitude=4.3)
    session = make_session(venue=venue)

    text = client.get(session.get_absolute_url()).text

    assert "There is a lift." in text
    assert 'href="https://www.openstreetmap.org/?mlat=52.0&amp;mlon=4.3#map=18/52.0/4.3" rel="noreferrer"' in text


def test_a_discreet_date_is_handed_on_nowhere(client):
    session = make_session(event=make_event(is_discreet=True))
    signed_in(client)

    for page in (session, session.event):
        text = client.get(page.get_absolute_url()).text
        assert "calendar.google.com" not in text
        assert "data-address" not in text


@pytest.mark.parametrize(("language", "line"), [("en", "Teaches mechanics."), ("nl", "Geeft les.")])
def test_hosts_who_agreed_stand_on_both_pages(client, language, line):
    session = make_session()
    host = make_person(
        name="Demo Ada", is_named_as_host=True, host_line_en="Teaches mechanics.", host_line_nl="Geeft les."
    )
    give_role(host, RoleKind.HOST, session=session)

    for page in (session, session.event):
        text = client.get(page.get_absolute_url(), headers={"Accept-Language": language}).text
        assert f"<strong><bdi>Demo Ada</bdi></strong><br>{line}" in text
