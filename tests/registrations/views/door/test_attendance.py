from __future__ import annotations

import re

import pytest
from django.urls import reverse
from structlog.testing import capture_logs

from events.enums import EventStatus, SessionStatus
from events.models import Session, Venue
from project.accounts.enums import RoleKind
from registrations.services.attending import booking
from registrations.services.door import attendance
from tests.factories import (
    NOW,
    give_role,
    make_event,
    make_organizer,
    make_people,
    make_person,
    make_session,
    make_unit,
)
from tests.registrations.support.screens import DOOR_VERBS, at, claim_of, fill, opened, shown, state, text_of, tick, url

pytestmark = pytest.mark.django_db


# --- who may come in


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR, RoleKind.ORGANIZER, RoleKind.COORDINATOR])
def test_door_opens_for_people_who_work_there(client, session, kind):
    of = session if kind in {RoleKind.HOST, RoleKind.DOOR} else None
    person = give_role(make_person(), kind, session=of, unit=make_unit() if kind == RoleKind.ORGANIZER else None)

    with opened(client, person, session):
        response = client.post(url("door", session), {"q": "ann"})

    assert (response.status_code, shown(response)) == (200, ["Ann Seated"])


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR])
def test_door_of_another_session_is_not_theirs(client, session, kind):
    person = give_role(make_person(), kind, session=make_session(starts_at=session.starts_at))

    with opened(client, person, session):
        before = state()
        answers = [client.get(url("door", session)).status_code]
        answers += [client.post(url(verb, session), tick(claim_of("Ann Seated"))).status_code for verb in DOOR_VERBS]

    assert set(answers) == {403}
    assert state() == before


def test_door_of_another_unit_is_not_theirs(client, session):
    with opened(client, make_organizer(unit=make_unit("tpm")), session):
        before = state()
        answers = [client.get(url("door", session)).status_code]
        answers += [client.post(url(verb, session), tick(claim_of("Ann Seated"))).status_code for verb in DOOR_VERBS]

    assert set(answers) == {403}
    assert state() == before


@pytest.mark.parametrize("kind", [RoleKind.BOARD, RoleKind.ADMINISTRATOR, None])
def test_door_is_unknown_to_everybody_else(client, session, kind):
    person = give_role(make_person(), kind) if kind else claim_of("Ann Seated").attendee

    with opened(client, person, session):
        before = state()
        answers = [client.get(url("door", session)).status_code]
        answers += [client.post(url(verb, session), tick(claim_of("Ann Seated"))).status_code for verb in DOOR_VERBS]

    assert set(answers) == {404}
    assert state() == before


def test_door_of_a_draft_is_unknown_to_other_units(client):
    session = make_session(event=make_event(status=EventStatus.DRAFT))

    with opened(client, make_organizer(unit=make_unit("tpm")), session):
        assert client.get(url("door", session)).status_code == 404


def test_door_asks_visitors_to_sign_in(client, session):
    for page in ("door", *DOOR_VERBS):
        response = client.post(url(page, session))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize(
    ("distance", "sees"),
    [({"days": -7}, True), ({"days": -7, "minutes": -1}, False), ({"days": 7, "hours": 2}, True), ({"days": 8}, False)],
)
def test_host_sees_names_from_a_week_before_to_a_week_after(client, session, host, distance, sees):
    client.force_login(host)

    with at(session, **distance):
        response = client.get(url("door", session), {"list": "1"})
        searched = client.post(url("door", session), {"q": "ann"})

    assert response.status_code == 200
    assert ("Ann Seated" in text_of(response)) is sees
    assert shown(searched) == (["Ann Seated"] if sees else [])


def test_host_outside_the_week_ticks_nobody(client, session, host):
    client.force_login(host)

    with at(session, days=8):
        before = state()
        answers = {client.post(url(verb, session), tick(claim_of("Ann Seated"))).status_code for verb in DOOR_VERBS[:3]}

    assert answers == {403}
    assert state() == before


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-1, 403), (1, 403)])
def test_door_helper_comes_in_on_that_day_only(client, session, days, status):
    client.force_login(give_role(make_person(), RoleKind.DOOR, session=session))

    with at(session, days=days):
        assert client.get(url("door", session)).status_code == status


def test_door_helper_finds_people_and_gets_no_list(client, session):
    with opened(client, give_role(make_person(), RoleKind.DOOR, session=session), session):
        listed = client.get(url("door", session), {"list": "1"})
        everybody = client.post(url("door", session), {"q": " "})
        one_letter = client.post(url("door", session), {"q": "a"})

    assert [shown(response) for response in (listed, everybody, one_letter)] == [[], [], []]
    assert "Show the list" not in text_of(listed)


def test_door_helper_finishes(client, session):
    with opened(client, give_role(make_person(), RoleKind.DOOR, session=session), session, minutes=60):
        page = text_of(client.get(url("door", session)))
        client.post(url("door_finish", session))

    assert url("door_finish", session) in page
    assert Session.objects.get().status == SessionStatus.HELD


def test_names_are_not_searched_by_an_address(client, session, host):
    with opened(client, host, session):
        response = client.get(url("door", session), {"q": "seated"})

    assert shown(response) == []


# --- the page


def test_door_shows_a_search_box_and_nobody(client, session, host):
    with opened(client, host, session):
        response = client.get(url("door", session))

    assert shown(response) == []
    assert "Seated" not in text_of(response)
    assert "no-store" in response["Cache-Control"]


def test_door_shows_the_list_to_hosts_who_ask_for_it(client, session, host):
    with opened(client, host, session), capture_logs() as logs:
        response = client.get(url("door", session), {"list": "1"})

    assert shown(response) == ["Ann Seated", "Bob Seated"]
    assert "You are viewing 2 names; this is logged." in text_of(response)
    assert [(entry["event"], entry["names"], entry["where"]) for entry in logs] == [("names_viewed", 2, "door")]
    assert "Ann" not in str(logs)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("seated", ["Ann Seated", "Bob Seated"]),
        ("SEAT ann", ["Ann Seated"]),
        ("cid", ["Cid Waiting"]),
        ("demo.example bob", ["Bob Seated"]),
        ("nobody", []),
        ("%", []),
        ("__", []),
        ("x" * 101, []),
        ("\x00ab", []),
    ],
)
def test_search_finds_by_parts_of_the_name_or_address(client, session, host, words, found):
    with opened(client, host, session):
        response = client.post(url("door", session), {"q": words})

    assert (response.status_code, shown(response)) == (200, found)


@pytest.mark.parametrize(
    "words", ["Seåted, Ånn", "SEATED ann", "seated,ann", "an-n", "ann.seated", "A\u2019nn", "ann\u200b"]
)
def test_search_needs_no_order_case_accents_or_signs(client, session, host, words):
    with opened(client, host, session):
        assert "Ann Seated" in shown(client.post(url("door", session), {"q": words}))


@pytest.mark.parametrize(
    ("name", "words"), [("José Ñandú-Peña", "nandu pena jose"), ("Siobhán O’Brien", "obrien siobhan")]
)
def test_search_finds_names_as_they_are_typed_without_their_signs(client, session, host, name, words):
    booking.sign_up(session_key=session.key, attendee=make_person(name=name), now=NOW)

    with opened(client, host, session):
        assert shown(client.post(url("door", session), {"q": words})) == [name]


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "!!", "ann seated quantum", "\U0001f3ad"])
def test_search_for_what_is_in_no_name_finds_nobody(client, session, host, words):
    with opened(client, host, session):
        assert shown(client.post(url("door", session), {"q": words})) == []


def test_search_finds_only_people_of_this_session(client, session, host):
    fill(make_session(starts_at=session.starts_at), 1, name="Ann Elsewhere")

    with opened(client, host, session):
        response = client.post(url("door", session), {"q": "ann"})

    assert shown(response) == ["Ann Seated"]


def test_search_that_finds_too_many_asks_for_more_letters(client):
    session = make_session(capacity=20)
    for person in make_people(20):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    with opened(client, make_organizer(), session):
        response = client.post(url("door", session), {"q": "person"})

    assert len(shown(response)) == 12
    assert "There are more. Type more of the name." in text_of(response)


def test_search_does_not_find_people_who_gave_the_seat_back(client, session, host):
    claim = claim_of("Ann Seated")
    booking.cancel(registration_key=claim.key, actor=claim.attendee, now=NOW)

    with opened(client, host, session):
        assert shown(client.post(url("door", session), {"q": "ann"})) == []


def test_door_that_is_not_open_yet_says_kindly_when(client, session, host):
    with opened(client, host, session, minutes=-31):
        response = client.post(url("door", session), {"q": "ann"})

    assert "The door opens on Thursday 12 March at 09:30." in text_of(response)
    assert shown(response) == ["Ann Seated"]
    assert url("door_check_in", session) not in text_of(response)
    assert url("door_walk_in", session) not in text_of(response)


@pytest.mark.parametrize("rows", [1, 30])
def test_list_at_the_door_costs_the_same_for_one_and_for_thirty(client, django_assert_num_queries, rows):
    session = make_session(capacity=rows)
    for person in make_people(rows):
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    with opened(client, make_organizer(), session), django_assert_num_queries(5):
        response = client.get(url("door", session), {"list": "1"})

    assert len(shown(response)) == rows


# --- discreet


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR])
def test_discreet_door_finds_by_reference_and_shows_no_name(client, discreet, kind):
    claim = claim_of("Ann Seated")

    with opened(client, give_role(make_person(), kind, session=discreet), discreet):
        by_reference = client.post(url("door", discreet), {"q": f" {claim.reference.lower()} "})
        by_name = client.post(url("door", discreet), {"q": "ann"})
        listed = client.get(url("door", discreet), {"list": "1"})
        ticked = client.post(url("door_check_in", discreet), tick(claim), follow=True)
        walked = client.post(url("door_walk_in", discreet), {"address": "new@demo.example"}, follow=True)

    assert shown(by_reference) == ["Ann Seated"]
    assert claim.reference in text_of(by_reference)
    assert (shown(by_name), shown(listed)) == ([], [])
    for response in (by_reference, by_name, listed, ticked, walked):
        assert not re.search(r"\bAnn\b", text_of(response))  # as a word: three letters may stand in a random token
        assert claim.attendee.email not in text_of(response)
    assert "new@demo.example" not in text_of(walked)
    assert claim_of("Ann Seated").has_attended


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR])
def test_discreet_door_says_the_same_of_every_address(client, discreet, kind):
    helper = give_role(make_person(), kind, session=discreet)
    addresses = [claim_of("Ann Seated").attendee.email, claim_of("Cid Waiting").attendee.email, "new@demo.example"]

    with opened(client, helper, discreet):
        pages = [client.post(url("door_walk_in", discreet), {"address": address}, follow=True) for address in addresses]

    assert [text_of(page).count("They are in.") for page in pages] == [1, 1, 1]
    for page in pages:
        assert shown(page) == []
        assert "door-row" not in text_of(page)
        assert "with a seat" not in text_of(page)


def test_full_discreet_room_says_the_same_of_every_address(client, discreet):
    Venue.objects.filter(pk=discreet.venue_id).update(capacity=2)
    helper = give_role(make_person(), RoleKind.HOST, session=discreet)

    with opened(client, helper, discreet):
        before = state()
        addresses = (claim_of("Ann Seated").attendee.email, "new@demo.example")
        answers = [client.post(url("door_walk_in", discreet), {"address": address}) for address in addresses]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert state() == before


def test_discreet_door_gives_no_list_to_the_named_coordinators_either(client, discreet):
    with opened(client, discreet.event.coordinators.order_by("pk")[0], discreet):
        found = client.post(url("door", discreet), {"q": "ann"})
        listed = client.get(url("door", discreet), {"list": "1"})

    assert "Ann Seated" in text_of(found)
    assert shown(listed) == []


@pytest.mark.parametrize("kind", [RoleKind.ORGANIZER, RoleKind.COORDINATOR])
def test_discreet_door_stays_closed_to_organisers_who_are_not_named(client, discreet, kind):
    with opened(client, give_role(make_person(), kind), discreet):
        before = state()
        answers = [client.get(url("door", discreet)).status_code]
        answers += [client.post(url(verb, discreet), tick(claim_of("Ann Seated"))).status_code for verb in DOOR_VERBS]

    assert set(answers) == {403}
    assert state() == before


def test_discreet_looks_by_reference_are_no_look_at_names(client, discreet):
    with opened(client, give_role(make_person(), RoleKind.HOST, session=discreet), discreet), capture_logs() as logs:
        client.post(url("door", discreet), {"q": claim_of("Ann Seated").reference})

    assert [entry for entry in logs if entry["event"] == "names_viewed"] == []


def test_discreet_finish_promises_no_feedback_mail(client, discreet):
    with opened(client, give_role(make_person(), RoleKind.HOST, session=discreet), discreet, minutes=60):
        client.post(url("door_check_in", discreet), tick(claim_of("Ann Seated")))
        before = text_of(client.get(url("door", discreet)))
        after = text_of(client.post(url("door_finish", discreet), follow=True))

    assert "feedback code by email" not in before + after


# --- the way in from "my sessions"


@pytest.mark.parametrize(
    ("kind", "days", "listed"),
    [(RoleKind.HOST, -7, True), (RoleKind.HOST, -8, False), (RoleKind.DOOR, 0, True), (RoleKind.DOOR, -1, False)],
)
def test_my_sessions_leads_hosts_to_their_door(client, session, kind, days, listed):
    client.force_login(give_role(make_person(), kind, session=session))

    with at(session, days=days):
        text = text_of(client.get(reverse("registrations:my_sessions")))

    assert (url("door", session) in text) is listed


def test_finished_and_cancelled_sessions_of_a_host(client, session, host):
    client.force_login(host)
    attendance.finish(session_key=session.key, actor=host, now=session.ends_at)

    with at(session, days=1):
        assert url("door", session) in text_of(client.get(reverse("registrations:my_sessions")))
        Session.objects.update(status=SessionStatus.CANCELLED)
        assert url("door", session) not in text_of(client.get(reverse("registrations:my_sessions")))
