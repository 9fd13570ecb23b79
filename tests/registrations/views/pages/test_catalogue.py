from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.enums import EventKind, EventStatus
from project.accounts.enums import RoleKind
from registrations.services.attending import booking
from registrations.services.door import attendance
from tests.events.pictures.images import give_picture
from tests.factories import NOW, give_role, make_event, make_people, make_person, make_session, make_unit, make_venue

pytestmark = pytest.mark.django_db
CATALOGUE = "/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def titles(response) -> list[str]:
    return [row.session.title for _, rows in response.context["days"] for row in rows]


def test_the_catalogue_shows_what_still_comes_by_day(client):
    later = make_session(event=make_event(title_en="Later"), starts_at=NOW + timedelta(days=2))
    make_session(event=make_event(title_en="Sooner"), starts_at=NOW + timedelta(days=1))
    make_session(event=make_event(title_en="Over"), starts_at=NOW - timedelta(days=1))
    make_session(event=make_event(title_en="Draft", status=EventStatus.DRAFT))
    make_session(event=make_event(title_en="Unlisted", status=EventStatus.UNLISTED))
    make_session(event=later.event, status="CANCELLED")

    response = client.get(CATALOGUE)

    assert titles(response) == ["Sooner", "Later"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=mindlab", ["Mindlab"]),
        ("q=MIND+lab", ["Mindlab"]),
        ("q=100%25", []),
        ("q=lab+MIND", ["Mindlab"]),
        ("q=midnlab", ["Mindlab"]),
        ("q=training+nederlands", ["Bystander"]),
        ("q=%C3%A9nglish+t%C3%A0lk", ["Talk"]),
        ("q=%21%3F", []),
        ("q=+", ["Bystander", "Mindlab", "Talk"]),
        ("kind=TRAINING", ["Bystander"]),
        ("audience=PHD", ["Bystander", "Mindlab"]),
        ("audience=STUDENT", ["Mindlab", "Talk"]),
        ("unit=as", ["Bystander", "Mindlab"]),
        ("unit=me", ["Bystander", "Mindlab", "Talk"]),
        ("language=nl", ["Bystander"]),
        ("online=1", ["Talk"]),
        ("free=1", ["Bystander", "Talk"]),
        ("from=2026-03-14", ["Talk"]),
        ("to=2026-03-12", ["Bystander"]),
        ("kind=TRAINING&language=nl&free=1", ["Bystander"]),
    ],
)
def test_filters_narrow_the_catalogue(client, query, expected):
    make_unit("as")
    make_unit("me")
    hall = make_venue(room="Hall")  # numbered rooms would be found by their numbers
    make_session(
        event=make_event(title_en="Bystander", kind=EventKind.TRAINING, audiences=("STAFF",)),
        venue=hall,
        language="nl",
        starts_at=NOW + timedelta(days=10),
    )
    make_session(event=make_event(title_en="Mindlab"), venue=hall, capacity=0, starts_at=NOW + timedelta(days=11))
    make_session(
        event=make_event(title_en="Talk", audiences=("STUDENT",)),
        venue=hall,
        units=("me",),
        join_url="https://meet.example.org",
        starts_at=NOW + timedelta(days=12),
    )

    response = client.get(f"{CATALOGUE}?{query}")

    assert sorted(titles(response)) == expected


def test_seats_left_are_those_the_reader_would_get(client):
    held = {"held_seats": 2, "held_audiences": ("STUDENT",), "held_until": NOW + timedelta(days=1)}
    make_session(event=make_event(title_en="For students"), **held)
    waited_for = make_session(event=make_event(title_en="Waited for"), **held)
    booking.sign_up(session_key=waited_for.key, attendee=make_person(), now=NOW)
    room = make_session(
        event=make_event(title_en="Room full"), venue=make_venue(capacity=2), **held | {"held_seats": 0}
    )
    for person in make_people(2):
        now = room.starts_at - timedelta(minutes=20)
        attendance.walk_in(session_key=room.key, address=person.email, actor=person, now=now)

    client.force_login(make_person())
    of_staff = titles(client.get(f"{CATALOGUE}?free=1"))
    client.force_login(make_person(audience="STUDENT"))

    assert of_staff == []
    assert titles(client.get(f"{CATALOGUE}?free=1")) == ["For students", "Waited for"]


@pytest.mark.parametrize(
    "query",
    [
        "kind=PARTY",
        "audience=KING",
        "unit=nowhere",
        "language=tlh",
        "from=2026-02-30",
        "to=tomorrow",
        "q=" + "x" * 200,
        "q=%00",
    ],
)
def test_a_filter_that_is_none_is_said_so_and_breaks_nothing(client, query):
    make_session()

    response = client.get(f"{CATALOGUE}?{query}")

    assert response.status_code == 200
    assert response.context["filters"].errors


@pytest.mark.parametrize("page", ["0", "-1", "x", "1000", "9" * 5000, "1e3", "²"])
def test_a_page_that_is_none_is_not_there(client, page):
    assert client.get(CATALOGUE, {"page": page}).status_code == 404


def test_pages_keep_the_filters(client):
    event = make_event()
    for number in range(31):
        make_session(event=event, starts_at=NOW + timedelta(days=1, minutes=number))

    first = client.get(f"{CATALOGUE}?kind=PERFORMANCE")
    second = client.get(f"{CATALOGUE}{first.context['pager']['next']}")

    assert (len(titles(first)), len(titles(second))) == (30, 1)
    assert second.context["pager"]["previous"] == "?kind=PERFORMANCE&page=1"
    assert second.context["pager"]["next"] == ""


@pytest.mark.parametrize("number", [1, 30])
def test_the_catalogue_costs_the_same_whatever_the_number_of_sessions(client, number):
    event, person = make_event(), make_person()
    starts = [NOW + timedelta(days=1, minutes=minute) for minute in range(number)]
    sessions = [make_session(event=event, starts_at=starts_at, units=("me",)) for starts_at in starts]
    booking.sign_up(session_key=sessions[0].key, attendee=person, now=NOW)
    client.force_login(person)

    with CaptureQueriesContext(connection) as queries:
        client.get(CATALOGUE)

    assert len(queries) == 5, "\n".join(query["sql"] for query in queries)


@pytest.mark.parametrize("number", [1, 30])
def test_a_search_costs_one_statement_more_whatever_it_finds(client, number):
    event = make_event(title_en="Leadership")
    for minute in range(number):
        make_session(event=event, starts_at=NOW + timedelta(days=1, minutes=minute))
    client.force_login(make_person())

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{CATALOGUE}?q=leaderschip+leadership+ship")

    assert len(titles(response)) == number
    assert len(queries) == 6, "\n".join(query["sql"] for query in queries)


@pytest.mark.parametrize("number", [1, 30])
def test_the_event_page_costs_the_same_whatever_the_number_of_dates(client, number):
    event, person = make_event(), make_person()
    starts = [NOW + timedelta(days=1, minutes=minute) for minute in range(number)]
    sessions = [make_session(event=event, starts_at=starts_at) for starts_at in starts]
    booking.sign_up(session_key=sessions[0].key, attendee=person, now=NOW)
    client.force_login(person)

    with CaptureQueriesContext(connection) as queries:
        client.get(event.get_absolute_url())

    assert len(queries) == 5, "\n".join(query["sql"] for query in queries)


def test_a_picture_costs_no_statement_and_is_not_read_for_the_page(client):
    session = make_session(event=give_picture(make_event()))

    for page, most in ((session.event.get_absolute_url(), 3), (session.get_absolute_url(), 3)):
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page)

        statements = [query["sql"] for query in queries]
        assert "Two people on a stage" in response.content.decode()
        assert len(statements) <= most, "\n".join(statements)
        assert not any('"avif"' in statement or '"webp"' in statement for statement in statements)


@pytest.mark.parametrize("number", [1, 30])
def test_my_sessions_cost_the_same_whatever_their_number(client, number):
    person = make_person()
    for _ in range(number):
        booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
        booking.sign_up(session_key=make_session(capacity=0).key, attendee=person, now=NOW)
        given = booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
        booking.cancel(registration_key=given.key, actor=person, now=NOW)
    client.force_login(person)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("registrations:my_sessions"))

    assert len(queries) == 8, "\n".join(query["sql"] for query in queries)


def test_the_event_page_says_who_will_see_that_you_come_and_where_help_is(client, settings):
    event = make_event(content_note_en="There is shouting.", aftercare_en="Two advisers are there.")
    make_session(event=event)

    text = client.get(event.get_absolute_url()).text

    assert "Who will see that you come" in text
    assert "There is shouting." in text
    assert "Two advisers are there." in text
    assert settings.HELP_CONTACTS["adviser_email"] in text


@pytest.mark.parametrize(("header", "expected"), [("nl", "Voorstelling"), ("en", "Performance"), ("fr", "Performance")])
def test_texts_are_in_the_language_of_the_reader(client, header, expected):
    session = make_session()

    response = client.get(session.event.get_absolute_url(), headers={"Accept-Language": header})

    assert expected in response.text


def test_a_text_in_one_language_only_is_shown_to_everybody(client):
    event = make_event(title_en="", title_nl="Alleen Nederlands")

    assert "Alleen Nederlands" in client.get(event.get_absolute_url(), headers={"Accept-Language": "en"}).text


def test_the_page_of_a_discreet_event_has_a_neutral_title(client):
    event = make_event(is_discreet=True, title_en="Interviewing skills", summary_en="For reporters")
    session = make_session(event=event)

    for url in (event.get_absolute_url(), session.get_absolute_url()):
        head = client.get(url).text.partition("</head>")[0]
        assert "Interviewing" not in head
        assert "reporters" not in head


def test_the_place_in_the_queue_of_a_discreet_session_is_not_shown(client):
    open_session, discreet = make_session(capacity=0), make_session(capacity=0, event=make_event(is_discreet=True))
    first, person = make_people(2)
    for session in (open_session, discreet):
        for somebody in (first, person):
            booking.sign_up(session_key=session.key, attendee=somebody, now=NOW)
    client.force_login(person)

    assert "You are number 2" in client.get(open_session.get_absolute_url()).text
    assert "You are number" not in client.get(discreet.get_absolute_url()).text


def test_the_join_link_is_for_people_with_a_seat(client):
    session = make_session(join_url="https://meet.example.org/secret", venue=None)
    person, stranger = make_people(2)
    booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    for reader, sees_it in ((stranger, False), (person, True)):
        client.force_login(reader)
        for url in (session.get_absolute_url(), session.event.get_absolute_url(), CATALOGUE):
            if url != CATALOGUE or not sees_it:
                assert ("meet.example.org" in client.get(url).text) is sees_it


def test_the_menu_shows_the_rooms_one_may_enter(client):
    person = make_person()
    client.force_login(give_role(person, RoleKind.BOARD))

    text = client.get(CATALOGUE).text

    assert reverse("dashboard:overview") in text
    assert reverse("registrations:organize_home") not in text


def test_a_text_in_the_other_language_says_so(client):
    event = make_event(title_en="", title_nl="Sta naast me", description_en="", description_nl="Zie https://x.nl/a.")
    make_session(event=event)

    page = client.get(f"/events/{event.slug}/", headers={"accept-language": "en"}).content.decode()

    assert '<h1><span lang="nl">Sta naast me</span></h1>' in page
    assert '<div lang="nl"><p dir="auto">Zie <a dir="auto" href="https://x.nl/a">https://x.nl/a</a>.</p></div>' in page
    assert '<span lang="nl">Sta naast me</span>' in client.get("/", headers={"accept-language": "en"}).content.decode()


def test_a_page_after_the_last_is_not_found(client):
    make_session()

    assert (client.get("/?page=1").status_code, client.get("/?page=99").status_code) == (200, 404)
