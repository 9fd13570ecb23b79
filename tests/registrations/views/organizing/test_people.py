from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from events.models import Session
from project.accounts.enums import RoleKind
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import AccessLink, Registration
from registrations.services.attending import booking
from registrations.services.organizing import personal_links
from tests.factories import NOW, make_event, make_organizer, make_person, make_session, make_unit
from tests.registrations.support.screens import LONGER_IN_LOWER_CASE, fill, log_in_as, state, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FORMS = ("organize_turn_down", "organize_seat", "organize_priority")
SENT = {"organize_priority": {"priority": "-1", "reason": "Why"}}
ROLES = [None, RoleKind.HOST, RoleKind.DOOR, RoleKind.BOARD, RoleKind.ADMINISTRATOR]


@pytest.fixture
def asked():
    """One seat and two requests for it."""
    session = make_session(capacity=1, event=make_event(needs_approval=True))
    return fill(session, 2)


@pytest.fixture
def held():
    """One seat, held for students, and two members of staff who wait."""
    hold = {"held_seats": 1, "held_audiences": ("STUDENT",), "held_until": NOW + timedelta(days=5)}
    return fill(make_session(capacity=1, **hold), 2)


@pytest.fixture
def unlisted():
    return make_session(is_unlisted=True)


def claim_url(name, claim):
    return reverse(f"registrations:{name}", args=[claim.key])


def revoke_url(session, link):
    return reverse("registrations:organize_access_revoke", args=[session.key, link.key])


# --- requests


def test_requests_stand_on_the_page_of_the_date_and_need_you_today(client, organizer, asked):
    page = text_of(client.get(url("organize_session", asked[0].session)))
    home = text_of(client.get(reverse("registrations:organize_home")))

    assert "Asking for a seat" in page
    assert "<strong>2</strong> requests to answer" in page
    assert claim_url("organize_approve", asked[0]) in page
    assert "2 people ask for a seat" in home


def test_approve_gives_the_seat_and_then_a_place(client, organizer, asked):
    answers = [text_of(client.post(claim_url("organize_approve", claim), follow=True)) for claim in asked]

    assert "Approved. They have a seat" in answers[0]
    assert "Approved. No seat is free" in answers[1]
    assert [claim.status for claim in Registration.objects.order_by("pk")] == [Status.CONFIRMED, Status.WAITLISTED]


def test_approve_of_what_was_taken_back_is_refused(client, organizer, asked):
    booking.cancel(registration_key=asked[0].key, actor=asked[0].attendee, now=NOW)
    before = state()

    response = client.post(claim_url("organize_approve", asked[0]))

    assert response.status_code == 409
    assert "This request is not open any more." in text_of(response)
    assert state() == before


def test_turn_down_asks_once_more_and_needs_no_reason(client, organizer, asked):
    page = client.get(claim_url("organize_turn_down", asked[0]))

    assert asked[0].attendee.name in text_of(page)
    assert Registration.objects.filter(status=Status.REQUESTED).count() == 2
    client.post(claim_url("organize_turn_down", asked[0]), {"reason": ""})
    assert Registration.objects.get(status=Status.CANCELLED).key == asked[0].key
    assert Message.objects.filter(kind="request-declined").count() == 1


# --- by hand


def test_seat_by_hand_with_a_reason(client, organizer, held):
    page = text_of(client.get(url("organize_session", held[1].session)))
    form = text_of(client.get(claim_url("organize_seat", held[1])))

    client.post(claim_url("organize_seat", held[1]), {"reason": "She translates."})

    assert claim_url("organize_seat", held[1]) in page
    assert "<strong>1</strong> held for a group" in page
    assert "out of order" in form
    seated = Registration.objects.get(status=Status.CONFIRMED)
    assert seated.key == held[1].key
    assert seated.log.values_list("reason", flat=True).last() == "She translates."
    assert "She translates." in text_of(client.get(url("organize_session", held[1].session)))


def test_seat_by_hand_in_a_full_session_says_so_on_the_form(client, organizer, full_session):
    waiting = Registration.objects.waiting().first()

    response = client.post(claim_url("organize_seat", waiting), {"reason": "Why"})

    assert response.status_code == 422
    assert "Every seat is taken. Change the number of seats first." in text_of(response)
    assert Registration.objects.holding_a_seat().count() == 2


def test_priority_changes_the_order_on_the_page(client, organizer, full_session):
    last = list(Registration.objects.waiting().in_queue_order())[-1]
    form = client.get(claim_url("organize_priority", last))

    client.post(claim_url("organize_priority", last), {"priority": "-5", "reason": "Came in vain last week."})

    assert "Lower comes first" in text_of(form)
    assert form.context["form"].initial == {"priority": 0}
    people = client.get(url("organize_session", full_session)).context["people"]
    assert people.waiting[0].registration.key == last.key


@pytest.mark.parametrize(
    ("name", "said", "field"),
    [
        ("organize_seat", {}, "reason"),
        ("organize_seat", {"reason": "   "}, "reason"),
        ("organize_seat", {"reason": "x" * 301}, "reason"),
        ("organize_seat", {"reason": "a\x00b"}, "reason"),
        ("organize_priority", {"priority": "1"}, "reason"),
        ("organize_priority", {"reason": "Why"}, "priority"),
        ("organize_priority", {"reason": "Why", "priority": "101"}, "priority"),
        ("organize_priority", {"reason": "Why", "priority": "-101"}, "priority"),
        ("organize_priority", {"reason": "Why", "priority": "first"}, "priority"),
        ("organize_priority", {"reason": "Why", "priority": "9" * 400}, "priority"),
        ("organize_turn_down", {"reason": "x" * 301}, "reason"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(client, organizer, held, name, said, field):
    before = state()

    response = client.post(claim_url(name, held[0]), said)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert state() == before


# --- seats held for a group


HOLD = {"seats": "1", "audiences": ["STUDENT"], "day": "2026-03-05", "time": "12:00"}


def test_hold_is_previewed_and_then_done(client, organizer):
    session = make_session(capacity=2)

    preview = client.post(url("organize_hold", session), HOLD)

    assert "1 seat stays with the group until then" in text_of(preview)
    assert "2 seats are then free for the group." in text_of(preview)
    assert "1 seat is then free for anybody." in text_of(preview)
    assert Session.objects.get().held_seats == 0
    done = HOLD | {"confirm": "1", "previewed": preview.context["form"].fingerprint}
    assert client.post(url("organize_hold", session), done).url == url("organize_session", session)
    held = Session.objects.get()
    assert (held.held_seats, held.held_audiences) == (1, ("STUDENT",))
    assert held.held_until == datetime(2026, 3, 5, 11, 0, tzinfo=UTC)


def test_hold_is_shown_and_released(client, organizer, held):
    session = held[0].session

    form = client.get(url("organize_hold", session)).context["form"]
    preview = text_of(client.post(url("organize_hold", session), {"seats": "0"}))
    client.post(url("organize_hold", session), {"seats": "0", "confirm": "1"})

    assert (form.initial["seats"], form.initial["audiences"]) == (1, ["STUDENT"])
    assert (form.initial["day"].isoformat(), form.initial["time"].isoformat()) == ("2026-03-07", "10:00:00")
    assert "1 person from the waiting list gets in" in preview
    assert Registration.objects.get(pk=held[0].pk).status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"seats": "3"}, "seats"),
        ({"seats": "-1"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"seats": "9" * 400}, "seats"),
        ({"audiences": []}, "audiences"),
        ({"audiences": ["CATS"]}, "audiences"),
        ({"units": ["atlantis"]}, "units"),
        ({"day": "", "time": ""}, "day"),
        ({"day": ""}, "day"),
        ({"time": ""}, "time"),
        ({"day": "soon"}, "day"),
        ({"day": "2026-03-01"}, "day"),
        ({"day": "2026-03-13"}, "day"),
        ({"day": "0001-01-01", "time": "00:01"}, "day"),
        ({"day": "2026-03-29", "time": "02:30"}, "time"),
    ],
)
@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
def test_hold_that_cannot_be_is_refused_beside_the_field(client, organizer, said, field, confirm):
    session = make_session(capacity=2)
    before = state()

    response = client.post(url("organize_hold", session), HOLD | said | confirm)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert state() == before


# --- personal links


def test_links_are_sent_listed_and_taken_back(client, organizer, unlisted):
    said = {"addresses": "one@elsewhere.example, TWO@elsewhere.example\n\nthree@elsewhere.example;"}

    client.post(url("organize_access", unlisted), said)

    page = text_of(client.get(url("organize_access", unlisted)))
    links = list(AccessLink.objects.order_by("address"))
    assert [link.address for link in links] == [f"{who}@elsewhere.example" for who in ("one", "three", "two")]
    assert all(link.address in page and revoke_url(unlisted, link) in page for link in links)
    assert Message.objects.filter(kind="access-granted").count() == 3
    for _ in range(2):
        client.post(revoke_url(unlisted, links[0]))
    assert list(AccessLink.objects.order_by("address")) == links[1:]


def test_links_are_reached_from_the_page_of_an_unlisted_date_only(client, organizer, unlisted):
    listed = make_session()

    assert url("organize_access", unlisted) in text_of(client.get(url("organize_session", unlisted)))
    assert url("organize_access", listed) not in text_of(client.get(url("organize_session", listed)))


@pytest.mark.parametrize(
    "addresses",
    [
        "",
        " , ;\n",
        "one@elsewhere.example nobody",
        "x" * 300 + "@elsewhere.example",
        "a\x00@b.example",
        LONGER_IN_LOWER_CASE,
    ],
)
def test_links_to_no_address_are_refused_beside_the_field(client, organizer, unlisted, addresses):
    response = client.post(url("organize_access", unlisted), {"addresses": addresses})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["addresses"]
    assert not AccessLink.objects.exists()
    assert not Message.objects.exists()


def test_links_to_a_listed_date_are_refused(client, organizer):
    response = client.post(url("organize_access", make_session()), {"addresses": "one@elsewhere.example"})

    assert response.status_code == 422
    assert "Everybody can find this date already" in text_of(response)
    assert not AccessLink.objects.exists()


def test_links_end_with_the_start(client, organizer, unlisted):
    personal_links.grant(session_key=unlisted.key, addresses=["one@elsewhere.example"], actor=organizer, now=NOW)

    with time_machine.travel(unlisted.starts_at, tick=False):
        client.force_login(organizer)
        page = text_of(client.get(url("organize_access", unlisted)))

    assert "one@elsewhere.example" in page
    assert "Send the links" not in page


def test_revoke_of_a_link_to_another_date_changes_nothing(client, organizer, unlisted):
    other = make_session(is_unlisted=True, event=make_event(owner=make_unit("tpm")))
    [link] = personal_links.grant(session_key=other.key, addresses=["one@elsewhere.example"], actor=organizer, now=NOW)

    client.post(revoke_url(unlisted, link))

    assert AccessLink.objects.get() == link


@pytest.mark.parametrize("number", [1, 30])
def test_links_cost_the_same_for_one_and_many(client, organizer, unlisted, number, django_assert_num_queries):
    addresses = [f"person{place}@elsewhere.example" for place in range(number)]
    personal_links.grant(session_key=unlisted.key, addresses=addresses, actor=organizer, now=NOW)

    with django_assert_num_queries(5):
        client.get(url("organize_access", unlisted))


# --- who may


def pages_of(claim, session, link):
    return [
        *(claim_url(name, claim) for name in ("organize_approve", *FORMS)),
        url("organize_hold", session),
        url("organize_access", session),
        revoke_url(session, link),
    ]


@pytest.fixture
def everything():
    """A claim, its date, and a link to it."""
    session = make_session(capacity=1, is_unlisted=True, event=make_event(needs_approval=True))
    person = make_person()
    [_mine, link] = personal_links.grant(
        session_key=session.key, addresses=[person.email, "x@elsewhere.example"], actor=make_organizer(), now=NOW
    )
    return booking.sign_up(session_key=session.key, attendee=person, now=NOW), session, link


@pytest.mark.parametrize("kind", ROLES)
def test_others_find_nothing(client, everything, kind):
    log_in_as(client, kind, everything[1]) if kind else client.force_login(everything[0].attendee)
    before = state()

    for page in pages_of(*everything):
        assert client.post(page, {"seats": "0", "reason": "x", "confirm": "1"}).status_code == 404
    assert state() == before
    assert AccessLink.objects.count() == 2


def test_organizers_of_another_unit_learn_nothing_of_an_unlisted_date(client, everything):
    log_in_as(client, RoleKind.ORGANIZER, everything[1], unit=make_unit("tpm"))
    before = state()

    for page in pages_of(*everything):
        assert client.post(page, {"seats": "0", "reason": "x", "confirm": "1"}).status_code == 404
    assert state() == before


def test_visitors_sign_in_first(client, everything):
    before = state()

    for page in pages_of(*everything):
        assert client.post(page).url.startswith(reverse("account_login"))
    assert state() == before


def test_get_changes_nothing(client, organizer, everything):
    before = state()

    answers = [client.get(page).status_code for page in pages_of(*everything)]

    assert answers == [405, 200, 200, 200, 200, 200, 405]
    assert state() == before


def test_of_a_discreet_date_only_the_two_coordinators_decide(client, discreet):
    claim = Registration.objects.waiting().get()
    pages = [claim_url(name, claim) for name in FORMS] + [url("organize_access", discreet)]
    client.force_login(make_organizer(unit=make_unit()))

    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.get(url("organize_hold", discreet)).status_code == 404
    client.force_login(discreet.event.coordinators.first())
    assert [client.get(page).status_code for page in pages] == [200] * 4


def test_an_unknown_claim_is_not_found(client, organizer, unlisted):
    pages = [reverse(f"registrations:{name}", args=[unlisted.key]) for name in ("organize_approve", *FORMS)]

    assert [client.post(page).status_code for page in pages] == [404] * 4
