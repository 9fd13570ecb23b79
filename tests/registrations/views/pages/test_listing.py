"""What is on by series, only what is for the reader, and help where nothing is found."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest

from events.enums import EventKind
from project.accounts.models import User
from registrations.models import AccessLink
from registrations.rules import admits
from registrations.services.attending import booking, interest
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_unit
from tests.registrations.support.screens import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SERIES = "/?view=series"


def on_day(number, **values):
    return make_session(starts_at=NOW + timedelta(days=number), **values)


def shown(client, path="/"):
    """The titles of what the page lists."""
    return sorted(set(re.findall(r'class="session-title" href="[^"]*">([\w ]+)', text_of(client.get(path)))))


def test_an_event_is_one_card_by_series(client):
    event = make_event(title_en="Mindlab")
    dates = [on_day(number, event=event, language=language) for number, language in ((1, "nl"), (2, "en"), (3, "en"))]

    page = text_of(client.get(SERIES))

    assert page.count("<h2><a") == 1
    assert all(date.get_absolute_url() in page for date in dates)
    assert "Performance · 3 dates" in page
    assert "Next in English" in page


def test_the_reader_finds_their_own_seat_on_the_card(client):
    event, person = make_event(), make_person()
    on_day(1, event=event, capacity=0)
    booking.sign_up(session_key=on_day(2, event=event).key, attendee=person, now=NOW)
    client.force_login(person)

    page = text_of(client.get(SERIES))

    assert page.count('<span class="state state-ok">') == 1
    assert "Wednesday 4 March" in page


def test_the_series_have_the_filters_of_the_list_and_keep_them(client):
    make_session(event=make_event(title_en="Bystander", kind=EventKind.TRAINING))
    make_session(event=make_event(title_en="Mindlab"))

    page = text_of(client.get(f"{SERIES}&kind=TRAINING"))

    assert "Bystander" in page
    assert "Mindlab" not in page
    assert 'href="/?kind=TRAINING"' in page
    assert 'href="/calendar/?kind=TRAINING"' in page
    assert 'href="?view=series&amp;kind=WORKSHOP"' in page
    assert page.count('<input type="hidden" name="view" value="series">') == 2


def test_a_second_page_of_series_that_is_none_is_not_found(client):
    make_session()

    assert (client.get(SERIES).status_code, client.get(f"{SERIES}&page=2").status_code) == (200, 404)


@pytest.mark.parametrize("number", [1, 12])
def test_the_series_cost_the_same_whatever_their_number(client, number, django_assert_num_queries):
    for _ in range(number):
        event = make_event()
        for day in (1, 2, 3):
            on_day(day, event=event, units=("me",))
    client.force_login(make_person())

    with django_assert_num_queries(6):
        client.get(SERIES)


def test_only_what_is_for_the_reader_is_remembered_and_undone(client):
    person = make_person(audience="STUDENT")
    make_session(event=make_event(title_en="For all"))
    make_session(event=make_event(title_en="For managers", audiences=("MANAGER",)))
    client.force_login(person)

    answer = client.post("/only-for-me/", {"on": "1", "next": "/?view=series&language=en"})
    client.logout()
    client.force_login(person)

    assert answer.url == "/?view=series&language=en"
    assert shown(client) == ["For all"]
    assert "For managers" not in text_of(client.get(SERIES))
    assert 'name="off" value="1" aria-pressed="true"' in text_of(client.get("/"))
    assert shown(client, "/?mine=0") == ["For all", "For managers"]

    client.post("/only-for-me/", {"off": "1"})

    assert shown(client) == ["For all", "For managers"]
    assert shown(client, "/?mine=1") == ["For all"]


def test_the_month_shows_only_what_is_for_the_reader_too(client):
    other = make_session(event=make_event(audiences=("MANAGER",)))
    own = make_session()
    client.force_login(make_person(audience="STUDENT", wants_only_eligible=True))

    page = text_of(client.get(f"/calendar/{own.starts_at:%Y-%m}/"))

    assert own.get_absolute_url() in page
    assert other.get_absolute_url() not in page


def test_visitors_who_are_signed_out_see_everything_and_are_asked_to_sign_in(client):
    make_session(event=make_event(title_en="For managers", audiences=("MANAGER",)))

    assert shown(client, "/?mine=1") == ["For managers"]
    assert "/only-for-me/" not in text_of(client.get("/"))
    assert client.post("/only-for-me/", {"on": "1"}).url.startswith("/accounts/login/")
    assert client.get("/only-for-me/").status_code == 405


@pytest.mark.parametrize(
    "reader",
    [
        {"audience": "STUDENT"},
        {"audience": "PHD"},
        {"audience": "MANAGER"},
        {"audience": "GUEST", "unit": None},
        {"audience": ""},
    ],
)
def test_what_is_for_the_reader_is_what_they_may_come_to(client, reader):
    make_unit("as")
    rules = [(audience, unit) for audience in ("", "STUDENT", "STAFF", "MANAGER") for unit in ("", "me", "as")]
    sessions = []
    for number, (audience, unit) in enumerate(rules):
        limits = {"audiences": (audience,) if audience else (), "units": (unit,) if unit else ()}
        ofevent = number % 2 == 0
        event = make_event(title_en=f"Event {number}", **(limits if ofevent else {}))
        sessions.append(make_session(event=event, **({} if ofevent else limits)))
    person = make_person(**reader)
    client.force_login(person)

    expected = sorted(session.event.title_en for session in sessions if admits(session, person))
    assert shown(client, "/?mine=1") == expected


def test_what_the_reader_was_let_into_is_for_them(client):
    linked = make_session(event=make_event(title_en="Linked", audiences=("MANAGER",)))
    seated = make_session(event=make_event(title_en="Seated", audiences=("MANAGER",)))
    person, organizer = make_person(audience="MANAGER"), make_organizer()
    booking.sign_up(session_key=seated.key, attendee=person, now=NOW)
    User.objects.filter(pk=person.pk).update(audience="STUDENT")
    AccessLink.objects.create(
        session=linked, address=person.email, expires_at=NOW + timedelta(days=9), created_at=NOW, created_by=organizer
    )
    client.force_login(person)

    assert shown(client, "/?mine=1") == ["Linked", "Seated"]


def test_where_only_the_period_is_in_the_way_other_days_are_shown(client):
    on_day(9, event=make_event(title_en="Mindlab"))
    on_day(9, event=make_event(title_en="Bystander", kind=EventKind.TRAINING))

    response = client.get("/?kind=PERFORMANCE&from=2026-03-03&to=2026-03-04")

    page = text_of(response)
    assert "On other days" in page
    assert 'href="?kind=PERFORMANCE"' in page
    assert "Mindlab" in page
    assert "Bystander" not in page


def test_the_nearest_events_are_shown_where_no_word_fits(client):
    make_session(event=make_event(title_en="Inclusive leadership"))

    page = text_of(client.get("/?q=inclusive+weekend"))

    assert "Nothing found for “inclusive weekend”" in page
    assert "Did you mean one of these?" in page
    assert "Inclusive leadership" in page


@pytest.mark.parametrize("number", [1, 30])
def test_finding_nothing_costs_the_same_whatever_there_is(client, number, django_assert_num_queries):
    for _ in range(number):
        make_session(event=make_event(title_en="Inclusive leadership"), units=("me",))
        make_event(title_en="Inclusive weekend")
    client.force_login(make_person())

    with django_assert_num_queries(12):
        client.get("/?q=inclusive+weekend&kind=PERFORMANCE&view=series")


def test_an_event_without_dates_can_be_asked_for(client):
    event = make_event(title_en="Courage")

    page = text_of(client.get("/?q=courage"))

    assert f'action="/events/{event.slug}/interest/"' in page
    assert 'Tell me when there are dates<span class="visually-hidden">: Courage</span>' in page


def test_a_reader_who_asked_for_it_is_told_so(client):
    event, person = make_event(title_en="Courage"), make_person()
    interest.register_interest(event_key=event.key, person=person, now=NOW)
    client.force_login(person)

    assert "We’ll send you one email when there are dates." in text_of(client.get("/?q=courage"))


def test_a_reader_who_found_nothing_that_is_for_them_may_see_the_rest(client):
    make_session(event=make_event(audiences=("MANAGER",)))
    client.force_login(make_person(audience="STUDENT", wants_only_eligible=True))

    assert 'href="?mine=0"' in text_of(client.get("/"))


@pytest.mark.parametrize("path", ["/?q=harassment", "/?q=Ge%C3%AFntimideerd", "/?view=series&q=onveilig"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_help_comes_before_what_is_found(client, path, language):
    title = "Harassment onveilig geintimideerd"
    make_session(event=make_event(title_en=title, title_nl=title))

    response = client.get(path, headers={"Accept-Language": language})

    page = text_of(response)
    found = page.index("Harassment onveilig")
    assert page.index('id="help-first"') < page.index('href="tel:112"') < found
    assert page.count('id="help"') == 1
    assert "no-store" in response["Cache-Control"]


def test_help_comes_first_in_the_month_too_and_the_search_is_shown(client):
    page = text_of(client.get("/calendar/2026-03/?q=unsafe"))

    assert 'id="help-first"' in page
    assert "“unsafe”" in page


def test_other_searches_have_no_help_before_them(client):
    make_session()

    assert 'id="help-first"' not in text_of(client.get("/?q=performance"))
    assert 'id="help-first"' not in text_of(client.get("/"))


def test_a_search_is_not_logged(client, caplog):
    caplog.set_level(logging.DEBUG)
    make_session()

    client.get("/?q=harassment")
    client.get("/?q=harassment&page=99")

    assert "harassment" not in caplog.text
