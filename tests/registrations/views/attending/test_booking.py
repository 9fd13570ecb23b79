from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from project.accounts.models import User
from project.accounts.services import people
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking
from tests.factories import NOW, make_event, make_people, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def sign_up_url(session) -> str:
    return reverse("registrations:sign_up", args=[session.key])


def ask_for_a_code(client, address: str) -> str:
    """Types the address, and reads the code from the mail that was written."""
    client.post(reverse("account_login"), {"email": address})
    code: str = Message.objects.filter(kind="sign-in-code").latest("pk").facts["code"]
    return code


def test_one_click_and_no_field_takes_a_seat(client):
    session, person = make_session(), make_person()
    client.force_login(person)

    response = client.post(sign_up_url(session), follow=True)

    assert response.redirect_chain == [(session.get_absolute_url(), 302)]
    assert "You have a seat" in response.text
    assert Registration.objects.get().status == Status.CONFIRMED


def test_the_button_returns_to_the_page_it_stood_on(client):
    session, person = make_session(), make_person()
    client.force_login(person)

    response = client.post(sign_up_url(session), {"next": session.event.get_absolute_url()})

    assert response["Location"] == session.event.get_absolute_url()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\evil"])
def test_the_button_never_leads_to_another_site(client, target):
    session, person = make_session(), make_person()
    client.force_login(person)

    response = client.post(sign_up_url(session), {"next": target})

    assert response["Location"] == session.get_absolute_url()


def test_opening_the_address_of_the_button_changes_nothing(client):
    session, person = make_session(), make_person()
    client.force_login(person)

    assert client.get(sign_up_url(session)).status_code == 405
    assert not Registration.objects.exists()


def test_the_wish_survives_signing_in_for_the_first_time(client):
    session, unit = make_session(), make_unit("as")

    assert client.post(sign_up_url(session))["Location"] == reverse("account_login")
    code = ask_for_a_code(client, "new@demo.example")
    signed_in = client.post(reverse("account_confirm_login_code"), {"code": code})
    registration = Registration.objects.get()
    assert registration.status == Status.CONFIRMED
    welcome = client.get(signed_in["Location"]).text
    assert "You have a seat." in welcome
    assert session.title in welcome
    assert "Undo" in welcome
    introduced = client.post(signed_in["Location"], {"name": "Demo New", "unit": unit.pk, "audience": "STUDENT"})

    assert introduced["Location"] == session.get_absolute_url()
    registration.refresh_from_db()
    assert (registration.attendee.email, registration.session) == ("new@demo.example", session)
    assert registration.attendee.audience_source == "SELF"


def test_a_seat_that_depends_on_the_group_waits_for_the_answer(client):
    session, unit = make_session(audiences=("STUDENT",)), make_unit("as")
    client.post(sign_up_url(session))
    code = ask_for_a_code(client, "new@demo.example")

    signed_in = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not Registration.objects.exists()
    welcome = client.get(signed_in["Location"]).text
    assert session.title in welcome
    assert "Seats here depend on your faculty or group" in welcome
    client.post(signed_in["Location"], {"name": "Demo New", "unit": unit.pk, "audience": "STUDENT"})
    assert Registration.objects.get().status == Status.CONFIRMED


def test_a_newcomer_who_gives_no_name_is_asked_again_and_can_do_everything(client):
    session, other = make_session(), make_session()
    client.post(sign_up_url(session))
    client.post(reverse("account_confirm_login_code"), {"code": ask_for_a_code(client, "new@demo.example")})

    for path in ("/", "/my/", session.get_absolute_url(), session.event.get_absolute_url(), "/my/preferences/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Who are you?" in page.text
    assert client.post(sign_up_url(other))["Location"] == other.get_absolute_url()
    assert Registration.objects.filter(status=Status.CONFIRMED).count() == 2


def test_undo_on_the_welcome_page_gives_the_seat_back(client):
    session = make_session()
    client.post(sign_up_url(session))
    code = ask_for_a_code(client, "new@demo.example")
    welcome = client.post(reverse("account_confirm_login_code"), {"code": code})["Location"]
    claim = Registration.objects.get()

    back = client.post(reverse("registrations:cancel", args=[claim.key]), {"next": welcome})

    assert back["Location"] == welcome
    assert "You have given back your seat." in client.get(welcome).text


def test_a_guest_is_asked_only_for_a_name(client):
    client.force_login(people.admit(address="guest@outside.example", language="en", now=NOW))

    page = client.get(reverse("registrations:welcome")).text

    assert "What is your name? We ask it once." in page
    assert "Where you work or study" not in page
    assert 'name="audience"' not in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/"])
def test_later_never_leads_to_another_site(client, target):
    client.force_login(make_person(name=""))

    assert "evil.example" not in client.get(reverse("registrations:welcome"), {"next": target}).text.split("<main")[1]


def test_the_wish_survives_signing_in_again(client):
    session, person = make_session(), make_person()

    client.post(sign_up_url(session))
    code = ask_for_a_code(client, person.email)
    response = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert response["Location"] == session.get_absolute_url()
    assert Registration.objects.get().attendee == person


def test_a_wish_that_is_refused_meanwhile_is_said_so(client):
    session, person = make_session(audiences=("STUDENT",)), make_person()

    client.post(sign_up_url(session))
    code = ask_for_a_code(client, person.email)
    response = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)

    assert not Registration.objects.exists()
    assert "for another group" in response.text


def test_an_unknown_address_is_answered_like_a_known_one(client):
    person = make_person()

    known = client.post(reverse("account_login"), {"email": person.email})
    unknown = client.post(reverse("account_login"), {"email": "nobody-yet@demo.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_wrong_code_is_refused_and_five_of_them_end_it(client):
    make_person(email="person@demo.example")
    ask_for_a_code(client, "person@demo.example")

    wrong = {"code": "WRO-NGC"}
    answers = [client.post(reverse("account_confirm_login_code"), wrong).status_code for _ in range(5)]

    assert answers == [200, 200, 200, 200, 302]
    assert "_auth_user_id" not in client.session


def test_an_address_outside_the_university_signs_in_as_a_guest(client):
    code = ask_for_a_code(client, "someone@elsewhere.example")
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert User.objects.get(email="someone@elsewhere.example").audience == "GUEST"


def test_a_guest_cannot_make_themselves_a_manager(client):
    guest = make_person(audience="GUEST", audience_source="CLAIM", name="", unit=None)
    client.force_login(guest)

    client.post(reverse("registrations:welcome"), {"name": "Demo Guest", "audience": "MANAGER"})

    guest.refresh_from_db()
    assert (guest.name, guest.audience) == ("Demo Guest", "GUEST")


def test_nobody_makes_themselves_a_manager(client):
    person = make_person(audience="", name="")
    client.force_login(person)

    response = client.post(
        reverse("registrations:welcome"), {"name": "Demo", "unit": person.unit_id, "audience": "MANAGER"}
    )

    person.refresh_from_db()
    assert response.status_code == 200
    assert person.audience == ""


BAD_NAMES = [
    "",
    " ",
    "x" * 121,
    "a\x00b",
    "see https://there.example",
    "www.there.example",
    "me@there.example",
    "Win 1000 EUR evil.example/claim",
    "\u200b",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_is_said_beside_the_field_and_nothing_is_lost(client, name):
    person = make_person(name="", audience="")
    client.force_login(person)

    response = client.post(
        reverse("registrations:welcome"), {"name": name, "unit": person.unit_id, "audience": "STUDENT"}
    )

    person.refresh_from_db()
    assert response.status_code == 200
    assert "name" in response.context["form"].errors
    assert person.name == ""


def test_a_refusal_is_a_page_that_says_what_to_do(client):
    session, person = make_session(closes_at=NOW), make_person()
    client.force_login(person)

    response = client.post(sign_up_url(session))

    assert response.status_code == 409
    assert "Signing up is closed" in response.text


@pytest.mark.parametrize("status", ["DRAFT", "ARCHIVED"])
def test_a_hidden_session_is_not_there(client, status):
    session, person = make_session(event=make_event(status=status)), make_person()
    client.force_login(person)

    assert client.post(sign_up_url(session)).status_code == 404
    assert client.get(session.get_absolute_url()).status_code == 404
    assert client.get(session.event.get_absolute_url()).status_code == 404
    assert not Registration.objects.exists()


def test_an_unknown_session_is_not_there(client):
    client.force_login(make_person())

    assert client.post("/sessions/00000000-0000-4000-8000-000000000000/sign-up/").status_code == 404
    assert client.post("/sessions/1/sign-up/").status_code == 404


def test_cancel_and_undo_by_hand(client):
    session, person = make_session(), make_person()
    client.force_login(person)
    client.post(sign_up_url(session))
    registration = Registration.objects.get()

    cancelled = client.post(reverse("registrations:cancel", args=[registration.key]), follow=True)
    assert "Undo: take my seat again" in cancelled.text
    client.post(reverse("registrations:undo", args=[registration.key]))

    assert Registration.objects.active().get().status == Status.CONFIRMED


def test_the_undo_button_says_beforehand_when_it_leads_to_the_list(client):
    session, (person, other) = make_session(capacity=1), make_people(2)
    client.force_login(person)
    client.post(sign_up_url(session))
    booking.sign_up(session_key=session.key, attendee=other, now=NOW)

    response = client.post(
        reverse("registrations:cancel", args=[Registration.objects.earliest("pk").key]),
        {"next": session.get_absolute_url()},
        follow=True,
    )

    assert "Undo: wait at the end of the list" in response.text


@pytest.mark.parametrize("name", ["registrations:cancel", "registrations:undo"])
def test_somebody_elses_registration_is_not_there(client, name):
    session, (person, stranger) = make_session(), make_people(2)
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    client.force_login(stranger)

    assert client.post(reverse(name, args=[registration.key])).status_code == 404

    registration.refresh_from_db()
    assert registration.status == Status.CONFIRMED


def test_the_link_in_a_mail_gives_the_seat_back_without_signing_in(client):
    session, person = make_session(), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    link = _link_of(registration)

    assert client.get(link).status_code == 200
    registration.refresh_from_db()
    assert registration.is_confirmed
    response = client.post(link)

    registration.refresh_from_db()
    assert response.status_code == 200
    assert registration.is_cancelled


def test_giving_back_by_the_link_in_a_mail_can_be_undone_on_the_same_page(client):
    session, person = make_session(), make_person()
    link = _link_of(booking.sign_up(session_key=session.key, attendee=person, now=NOW))

    gone = client.post(link)
    undone = client.post(link, {"undo": "1"})
    client.post(link, {"undo": "1"})

    assert "</svg>Undo" in gone.text
    assert "<h1>You have a seat</h1>" in undone.text
    assert Registration.objects.active().get().is_confirmed


@pytest.mark.usefixtures("clock")
def test_undo_on_the_page_of_a_registration_leads_to_the_one_that_holds_now(client, person):
    session = make_session()
    old = booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    here = old.get_absolute_url()
    client.post(reverse("registrations:cancel", args=[old.key]), {"next": here})

    response = client.post(reverse("registrations:undo", args=[old.key]), {"next": here})

    assert response["Location"] == Registration.objects.active().get().get_absolute_url() != here


def test_the_link_of_a_discreet_session_asks_to_sign_in(client):
    session, person = make_session(event=make_event(is_discreet=True)), make_person()
    registration = booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    assert client.get(_link_of(registration)).status_code == 404


def _link_of(registration) -> str:
    from registrations.emails import cancel_link  # noqa: PLC0415  # beside its one user

    return re.sub(r"^http://testserver", "", cancel_link(registration))


@pytest.mark.django_db(transaction=True)
def test_a_sign_up_costs_at_most_15_statements(client):
    session, person = make_session(units=("me",)), make_person()
    client.force_login(person)

    with CaptureQueriesContext(connection) as queries:
        client.post(sign_up_url(session))

    assert Registration.objects.get().status == Status.CONFIRMED
    assert len(queries) <= 15, "\n".join(query["sql"] for query in queries)


@pytest.mark.django_db(transaction=True)
def test_a_place_on_the_list_costs_at_most_15_statements(client):
    session, person = make_session(capacity=0), make_person()
    client.force_login(person)

    with CaptureQueriesContext(connection) as queries:
        client.post(sign_up_url(session))

    assert Registration.objects.get().status == Status.WAITLISTED
    assert len(queries) <= 15, "\n".join(query["sql"] for query in queries)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_the_event_is_locked_before_anything_is_decided(client):
    session, person = make_session(), make_person()

    with CaptureQueriesContext(connection) as queries:
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)

    statements = [query["sql"] for query in queries if not query["sql"].startswith("BEGIN")]
    assert 'FOR NO KEY UPDATE OF "events_event"' in statements[0]
    locked = statements[1 : statements.index("COMMIT")]
    assert len(locked) <= 9, "\n".join(locked)


def test_a_wish_for_an_unlisted_date_shows_nothing_of_it_and_gives_nothing(client):
    """An address that was passed on: who has no personal link learns nothing by signing in with it."""
    session = make_session(is_unlisted=True, event=make_event(title_en="Quiet talk"))
    client.post(sign_up_url(session))
    client.force_login(make_person(name="", unit=None, audience=""))
    client.post(sign_up_url(session))

    page = client.get(reverse("registrations:welcome"))
    said = {"name": "Ann", "unit": make_unit().pk, "audience": "STAFF"}
    response = client.post(reverse("registrations:welcome"), said)

    assert "Quiet talk" not in page.text
    assert response["Location"] == reverse("registrations:my_sessions")
    assert not Registration.objects.exists()


def test_a_guest_is_not_asked_for_a_faculty(client):
    guest = make_person(name="", unit=None, audience="GUEST", audience_source="CLAIM")
    client.force_login(guest)
    page = client.get(reverse("registrations:welcome"))

    client.post(reverse("registrations:welcome"), {"name": "Gast Voorbeeld", "unit": make_unit().pk})

    guest.refresh_from_db()
    assert b'name="unit"' not in page.content
    assert (guest.name, guest.unit, guest.audience) == ("Gast Voorbeeld", None, "GUEST")
