"""What is on offer, as the API says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from events.models import Event, Round
from registrations.models import AccessLink, Completion
from registrations.services.attending import booking
from tests.factories import (
    NOW,
    make_event,
    make_organizer,
    make_people,
    make_person,
    make_session,
    make_unit,
    make_venue,
)
from tests.registrations.support.api_clients import API, get, make_full_discreet_session, sign_up, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_session_is_said_as_the_contract_has_it():
    event = make_event(audiences=("STAFF",), units=("me",))
    venue = make_venue(name="Aula", room="Hall A", address="Mekelweg 5, Delft")
    session = make_session(event=event, venue=venue, capacity=3)
    booking.sign_up(session_key=session.key, attendee=make_person(), now=NOW)

    answer = get(f"/sessions/{session.key}")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(session.key),
        "event": {"slug": event.slug, "title": event.title_en, "kind": "PERFORMANCE"},
        "round": None,
        "title": event.title_en,
        "starts_at": "2026-03-12T10:00:00+01:00",
        "ends_at": "2026-03-12T12:00:00+01:00",
        "venue": {"name": "Aula", "room": "Hall A", "address": "Mekelweg 5, Delft"},
        "online": False,
        "language": "en",
        "audiences": ["STAFF"],
        "units": ["me"],
        "capacity": 3,
        "seats_left": 2,
        "availability": "available",
        "waiting": 0,
        "status": "SCHEDULED",
        "can_sign_up": True,
        "why_not": None,
        "url": f"http://testserver/sessions/{session.key}/",
    }


def test_moments_have_the_offset_of_the_session():
    session = make_session(timezone="America/New_York", starts_at=datetime(2026, 7, 1, 14, tzinfo=UTC))

    answer = get(f"/sessions/{session.key}")

    assert answer.json()["starts_at"] == "2026-07-01T10:00:00-04:00"


def test_session_says_how_the_reader_stands_to_it():
    session, other = (make_session(event=(event := make_event())), make_session(event=event))
    client = signed_in()
    sign_up(session, client)

    here, there = get(f"/sessions/{session.key}", client).json(), get(f"/sessions/{other.key}", client).json()

    assert (here["can_sign_up"], here["why_not"]) == (False, "already-registered")
    assert (there["can_sign_up"], there["why_not"]) == (False, "slot-taken")


def test_full_session_tells_how_many_wait():
    session = make_session(capacity=1)
    for person in make_people(3):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    answer = get(f"/sessions/{session.key}").json()

    assert (answer["seats_left"], answer["availability"], answer["waiting"]) == (0, "full", 2)


@pytest.mark.parametrize("path", ["/sessions/{session.key}", "/sessions", "/events/{session.event.slug}"])
def test_discreet_session_tells_no_numbers(path):
    session = make_full_discreet_session()

    answer = get(path.format(session=session), signed_in()).json()

    said = {**answer, **(answer.get("items") or answer.get("sessions") or [{}])[0]}
    assert (said["seats_left"], said["availability"], said["waiting"]) == (None, "full", None)


def test_discreet_session_tells_its_organiser_how_many_wait():
    session = make_full_discreet_session()

    ours = get(f"/sessions/{session.key}", signed_in(make_organizer(unit=make_unit("me")))).json()
    theirs = get(f"/sessions/{session.key}", signed_in(make_organizer(unit=make_unit("as")))).json()

    assert (ours["seats_left"], ours["waiting"], theirs["waiting"]) == (None, 1, None)


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_what_is_not_published_is_not_there(status):
    session = make_session(event=make_event(status=status))

    answers = [get(f"/sessions/{session.key}"), get(f"/events/{session.event.slug}")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.json()["code"] for answer in answers] == ["not-found", "not-found"]
    assert get("/sessions").json() == get("/events").json() == {"items": [], "count": 0}


def test_unlisted_event_is_read_by_its_address_only():
    session = make_session(event=make_event(status="UNLISTED"))

    assert get(f"/sessions/{session.key}").status_code == 200
    assert get(f"/events/{session.event.slug}").status_code == 200
    assert get("/sessions").json()["count"] == get("/events").json()["count"] == 0


def test_sessions_come_by_start_without_what_has_ended_or_was_cancelled():
    late, early = make_session(starts_at=NOW + timedelta(days=9)), make_session(starts_at=NOW + timedelta(days=1))
    make_session(starts_at=NOW - timedelta(hours=2))
    make_session(status="CANCELLED")

    answer = get("/sessions").json()

    assert [item["id"] for item in answer["items"]] == [str(early.key), str(late.key)]
    assert answer["count"] == 2


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", [1, 2, 3]),
        ("from=2026-03-04", [2, 3]),
        ("to=2026-03-04", [1, 2]),
        ("from=2026-03-04&to=2026-03-04", [2]),
        ("from=0001-01-01&to=9999-12-31", [1, 2, 3]),
        ("from=9999-12-31", []),
        ("limit=1", [1]),
        ("limit=1&offset=1", [2]),
        ("offset=10000", []),
    ],
)
def test_sessions_are_narrowed_by_day_and_page(query, days):
    for day in (1, 2, 3):
        make_session(starts_at=NOW + timedelta(days=day), title_en=str(day))

    answer = get(f"/sessions?{query}").json()

    assert [int(item["title"]) for item in answer["items"]] == days
    assert answer["count"] == (3 if "=" not in query or "limit" in query or "offset" in query else len(days))


def test_day_begins_at_midnight_in_amsterdam():
    make_session(starts_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC))

    assert get("/sessions?to=2026-03-03").json()["count"] == 0
    assert get("/sessions?from=2026-03-04").json()["count"] == 1


def test_sessions_are_narrowed_by_kind_and_unit():
    theirs = make_session(event=make_event(kind="TRAINING", units=("as",)))
    ours = make_session(event=make_event(kind="TRAINING", units=("me",)))
    make_session(event=make_event(kind="DIALOGUE", units=("me",)))

    answer = get("/sessions?kind=TRAINING&unit=me").json()

    assert [item["id"] for item in answer["items"]] == [str(ours.key)]
    assert get("/sessions?kind=TRAINING&unit=as").json()["items"][0]["id"] == str(theirs.key)


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=x", "limit=", "offset=-1", "offset=10001", "offset=99999999999999999999999"),
        *("kind=PARTY", "kind=", "unit=ME", "unit=%00", "unit=%25", "from=tomorrow", "from=2026-02-30", "to=12-3-2026"),
    ],
)
def test_value_that_cannot_be_used_is_named(query):
    name, _, value = query.partition("=")

    answer = get(f"/sessions?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == "invalid"
    assert [(error["location"], error["name"]) for error in answer.json()["errors"]] == [("query", name)]
    assert len(value) < 5 or value not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/events/%00", "/events/a%20b", "/events/%E2%80%AE", f"/events/{'a' * 81}", "/sessions/1"]
)
def test_name_that_cannot_be_one_is_refused(path):
    answer = get(path)

    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (422, "path")


def test_events_come_by_slug_and_kind():
    make_event(slug="b", kind="TRAINING")
    make_event(slug="a", kind="TRAINING")
    make_event(slug="c", kind="DIALOGUE")

    answer = get("/events?kind=TRAINING&limit=1").json()

    assert [item["slug"] for item in answer["items"]] == ["a"]
    assert answer["count"] == 2
    assert set(answer["items"][0]) == (
        {"slug", "title", "kind", "status", "summary", "audiences", "units", "organised_by", "discreet", "url"}
        | {"needs_approval", "coming_again", "prerequisite", "promotion", "rounds"}
    )


def test_event_tells_its_rules_of_signing_up():
    first = make_event(slug="first")
    event = make_event(needs_approval=True, prerequisite=first, seated_until_hours=48, offer_working_hours=8)
    for number in (2, 1):
        Round.objects.create(event=event, number=number, title_en=f"Round {number}")

    answer = get(f"/events/{event.slug}").json()

    assert (answer["needs_approval"], answer["prerequisite"]) == (True, "first")
    assert answer["promotion"] == {"seated_until_hours": 48, "offered_until_hours": 4, "offer_working_hours": 8}
    assert [(one["number"], one["title"]) for one in answer["rounds"]] == [(1, "Round 1"), (2, "Round 2")]
    assert get("/events/first").json()["prerequisite"] is None


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_event_names_no_prerequisite_that_is_hidden(status):
    event = make_event(prerequisite=make_event(status=status, slug="secret-plan"))

    answer = get(f"/events/{event.slug}")

    assert answer.json()["prerequisite"] is None
    assert "secret-plan" not in answer.content.decode()


def test_seats_held_for_a_group_are_free_for_its_members_only():
    hold = {"held_seats": 2, "held_units": ("me",), "held_until": NOW + timedelta(days=1)}
    session = make_session(capacity=3, **hold)
    member, other = make_person(), make_person(unit=make_unit("as"))

    answers = [get(f"/sessions/{session.key}", client).json() for client in (signed_in(member), signed_in(other), None)]

    assert [answer["seats_left"] for answer in answers] == [3, 1, 1]


def test_unlisted_date_is_there_for_people_with_a_link():
    event, person = make_event(), make_person()
    hidden, shown = make_session(event=event, is_unlisted=True), make_session(event=event)
    AccessLink.objects.create(session=hidden, address=person.email, created_at=NOW, expires_at=NOW + timedelta(days=1))

    for client, keys in ((signed_in(person), {hidden.key, shown.key}), (signed_in(), {shown.key}), (None, {shown.key})):
        assert {item["id"] for item in get(f"/events/{event.slug}", client).json()["sessions"]} == set(map(str, keys))
        assert get(f"/sessions/{hidden.key}", client).status_code == (200 if hidden.key in keys else 404)
        assert [item["id"] for item in get("/sessions", client).json()["items"]] == [str(shown.key)]


def test_event_comes_with_the_dates_that_still_come():
    event = make_event(description_en="Scenes and talk.", content_note_en="Loud.", aftercare_en="Tea.")
    Event.objects.filter(pk=event.pk).update(bring_en="A pen.", questions_en="May I leave?\nYes.")
    make_session(event=event, starts_at=NOW - timedelta(days=1))
    coming, cancelled = make_session(event=event), make_session(event=event, status="CANCELLED")

    answer = get(f"/events/{event.slug}").json()

    assert (answer["description"], answer["content_note"], answer["aftercare"]) == ("Scenes and talk.", "Loud.", "Tea.")
    assert (answer["bring"], answer["questions"]) == ("A pen.", "May I leave?\nYes.")
    assert [item["id"] for item in answer["sessions"]] == [str(coming.key), str(cancelled.key)]
    assert [item["why_not"] for item in answer["sessions"]] == [None, "cancelled"]


def test_texts_come_in_the_language_asked_for():
    event = make_event(title_en="Stage", title_nl="Toneel")

    dutch = get(f"/events/{event.slug}", headers={"accept-language": "nl-NL,nl;q=0.9"})
    english = get(f"/events/{event.slug}", headers={"accept-language": "fr"})

    assert (dutch.json()["title"], english.json()["title"]) == ("Toneel", "Stage")
    assert "Accept-Language" in dutch["Vary"]


def test_catalogue_needs_and_sets_no_cookie():
    session = make_session()

    for path in ("/events", f"/events/{session.event.slug}", "/sessions", f"/sessions/{session.key}"):
        answer = get(path)
        assert not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=30"
        assert "Cookie" in answer["Vary"]


def test_answer_to_a_person_is_kept_nowhere():
    make_session()

    answer = get("/sessions", signed_in())

    assert answer["Cache-Control"] == "private, no-store"


def test_head_answers_as_get_does():
    make_session()

    answer = Client().head(f"{API}/sessions")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json; charset=utf-8")


def _make_programme(person, size):
    """So many events with a round and a prerequisite, each with a session that the person is on the list of, one of
    them discreet.
    """
    for number in range(size):
        first = make_event(status="ARCHIVED")
        event = make_event(is_discreet=number == 0, prerequisite=first)
        Completion.objects.create(person=person, event=first, completed_at=NOW)
        round_ = Round.objects.create(event=event, number=1)
        session = make_session(event=event, round=round_, capacity=0)
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.parametrize(
    ("path", "signed_out", "signed_in_statements"),
    [("/events", 3, 5), ("/sessions", 3, 7), ("/my/registrations", 0, 8)],
)
def test_list_costs_the_same_however_long(path, signed_out, signed_in_statements, size, django_assert_num_queries):
    person = make_person()
    _make_programme(person, size)
    client = signed_in(person)

    with django_assert_num_queries(signed_out):
        get(path)
    with django_assert_num_queries(signed_in_statements):
        answer = get(path, client)

    assert len(answer.json()["items"]) == size


@pytest.mark.parametrize("size", [1, 30])
def test_event_costs_the_same_however_many_dates(size, django_assert_num_queries):
    event = make_event()
    for _ in range(size):
        make_session(event=event)
    client = signed_in()

    with django_assert_num_queries(7):
        answer = get(f"/events/{event.slug}", client)

    assert len(answer.json()["sessions"]) == size


@pytest.mark.parametrize(
    ("q", "found"),
    [("cafe", 1), ("CAFÉ%20werkplaats", 1), ("werkplatas", 1), ("quantum", 0), ("!", 0), ("", 2), ("%00", 0)],
)
def test_sessions_are_searched_as_in_the_catalogue(q, found):
    make_session(event=make_event(title_en="Workshop café", title_nl="Werkplaats"))
    make_session(event=make_event(title_en="Talk", title_nl="Gesprek"))

    answer = get(f"/sessions?q={q}")

    assert (answer.status_code, answer.json()["count"], len(answer.json()["items"])) == (200, found, found)


def test_a_search_of_ten_thousand_signs_is_refused():
    assert get(f"/sessions?q={'x' * 10_000}").status_code == 422
