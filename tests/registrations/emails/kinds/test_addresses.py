"""The mails about an address itself, and of calendar entries that move with it, really rendered and sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import AddressPurpose
from project.outbox.enums import MessageStatus
from project.outbox.models import Message
from registrations.services.attending import address_changes, booking
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.mails import calendar_of, event_of, html_of, links_in, text_of

pytestmark = pytest.mark.django_db

NEW = "new@demo.example"


@pytest.fixture
def person():
    return make_person(email="old@demo.example", name="Ann Example")


def ask(person, purpose=AddressPurpose.ACCOUNT, address=NEW):
    return address_changes.request_change(person=person, purpose=purpose, address=address, now=NOW)


def move(person):
    return address_changes.confirm(key=str(ask(person).key), person=person, now=NOW)


def test_the_question_names_nobody_and_no_address_in_its_link(post, person):
    ask(person)

    [mail] = post()

    assert mail["To"] == NEW
    assert mail["Subject"] == "Is this your new address?"
    assert len(links_in(mail, "my/preferences/confirm")) == 1
    assert not any(word in mail.as_string() for word in ("Ann Example", "old@demo.example"))
    assert NEW not in text_of(mail) + html_of(mail)


def test_the_question_to_a_private_address_says_nothing_of_what_it_is_for(post, person):
    ask(person, AddressPurpose.DISCREET, "me@home.example")

    [mail] = post()

    assert (mail["To"], mail["Subject"]) == ("me@home.example", "Is this your address?")
    assert "University Events" in mail["From"]
    assert "discreet" not in (text_of(mail) + html_of(mail)).lower()
    assert "Samen" not in text_of(mail) + html_of(mail)


def test_a_question_that_is_over_is_dropped(post, person):
    ask(person).delete()

    assert post() == []
    assert Message.objects.get().status == MessageStatus.DROPPED


def test_the_owner_of_an_address_reads_that_somebody_wanted_it(post, person):
    owner = make_person(email=NEW)
    booking.sign_up(session_key=make_session().key, attendee=owner, now=NOW)
    post()
    ask(person)

    [mail] = post()

    assert (mail["To"], mail["Subject"]) == (NEW, "Your address is in use already")
    assert "nothing has changed" in text_of(mail)
    assert "confirm" not in html_of(mail)
    assert "old@demo.example" not in mail.as_string()


def test_both_addresses_are_told_and_the_entry_moves(post, person):
    seat = booking.sign_up(session_key=make_session().key, attendee=person, now=NOW)
    [first] = post()
    move(person)

    mails = post(NOW + timedelta(seconds=1))

    told, changed, left, here = mails
    title = seat.session.title
    assert [mail["To"] for mail in mails] == [NEW, "old@demo.example", "old@demo.example", NEW]
    assert told["Subject"] == "This is your address now"
    assert changed["Subject"] == "Your address with us has changed"
    assert "Wasn’t this you? Reply to this email straight away" in text_of(changed)
    assert NEW not in changed.as_string()
    assert left["Subject"] == f"At your new address: {title}, 12 March"
    assert "Your seat is still yours" in text_of(left)
    assert here["Subject"] == f"In your calendar: {title}, 12 March"
    assert (calendar_of(left)["METHOD"], calendar_of(here)["METHOD"]) == ("CANCEL", "REQUEST")
    assert (event_of(left)["UID"], int(event_of(left)["SEQUENCE"])) == (event_of(first)["UID"], 1)
    assert event_of(left)["ATTENDEE"] == "mailto:old@demo.example"
    assert event_of(here)["UID"] != event_of(first)["UID"]
    assert (int(event_of(here)["SEQUENCE"]), event_of(here)["ATTENDEE"]) == (0, f"mailto:{NEW}")
    assert NEW not in left.as_string()


def test_codes_go_to_the_ordinary_address_whatever_the_private_one_is(post, client, clock):
    make_person(email="old@demo.example", private_email="me@home.example")

    client.post("/accounts/login/", {"login": "old@demo.example", "email": "old@demo.example"})

    [mail] = post()
    assert mail["To"] == "old@demo.example"
