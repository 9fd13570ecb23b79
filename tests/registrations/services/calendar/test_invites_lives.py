"""Whole lives of seats, mail by mail (specs/calendar.md 3), as a mail server received them and as other people's
parsers read them.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Answer
from registrations.models import Invite, Registration
from registrations.services.attending import booking, offers, swaps
from registrations.services.calendar import invites
from tests.factories import NOW, make_people, make_person, make_session, make_venue
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import (
    DAY,
    cancel_session,
    give_back,
    in_room,
    move,
    reinstate,
    relocate,
    reply,
    sign_up,
)
from tests.registrations.support.mails import another_date

pytestmark = pytest.mark.django_db


def test_confirmed_moved_another_room_another_link_cancelled(letters):
    session, person = make_session(venue=in_room()), make_person()
    sign_up(session, person)
    starts = int(session.starts_at.timestamp())
    move(session, DAY)
    relocate(session, venue=in_room(name="Library"))
    relocate(session, join_url="https://meet.example.org/abc?pwd=1")
    cancel_session(session)

    received = letters()

    assert received.story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "Changed: REQUEST A1 NEEDS-ACTION",
        "Changed: REQUEST A2 NEEDS-ACTION",
        "Changed: REQUEST A3 NEEDS-ACTION",
        "CANCELLED: CANCEL A4 NEEDS-ACTION",
    ]
    events = received.events
    assert [event["starts"] - starts for event in events] == [0, 86_400, 86_400, 86_400, 86_400]
    assert [event["location"].startswith("Library") for event in events] == [False, False, True, True, True]
    assert ["https://meet.example.org/abc?pwd=1" in event["description"] for event in events] == [False] * 3 + [
        True
    ] * 2
    assert [event["summary"].startswith("CANCELLED: ") for event in events] == [False] * 4 + [True]
    assert all("GEO:52.0022;4.3736" in rules.lines_of(content) for content in received.contents)


def test_a_mail_about_the_link_alone_compares_nothing(letters):
    session, person = make_session(), make_person()
    sign_up(session, person)
    relocate(session, join_url="https://meet.example.org/abc")
    relocate(session, join_url="")
    relocate(session, venue=make_venue())

    texts = [rules.text_of(envelope) for envelope in letters().envelopes]

    assert ["It was:" in text for text in texts] == [False, False, False, True]
    assert "There is a new link to join" in texts[1]
    assert "can no longer be joined online" in texts[2]
    assert "takes place somewhere else" in texts[3]


def test_gnome_reads_a_whole_life_as_the_others_do(letters):
    session, person = make_session(venue=in_room()), make_person()
    sign_up(session, person)
    move(session, DAY)
    relocate(session, venue=None, join_url="https://meet.example.org/abc")
    cancel_session(session)

    received = letters()

    rules.assert_gnome_understands(received.contents, received.events)


def test_given_back_and_undone_is_another_entry(letters):
    session, person = make_session(), make_person()
    seat = sign_up(session, person)
    give_back(seat)
    again = booking.restore(registration_key=seat.key, attendee=person, now=NOW)
    give_back(again)

    assert letters().story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "Seat given back: CANCEL A1 NEEDS-ACTION",
        "Confirmed: REQUEST B0 NEEDS-ACTION",
        "Seat given back: CANCEL B1 NEEDS-ACTION",
    ]


def test_declined_in_the_calendar_gets_no_cancel_and_undone_another_entry(letters):
    session, person = make_session(), make_person()
    seat = sign_up(session, person)
    reply(Answer.DECLINED)
    invites.drop([seat], kind="registration-cancelled", now=NOW)
    invites.renew([seat], kind="registration-confirmed", now=NOW)
    move(session, DAY)

    assert letters().story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "Seat given back: -",
        "Confirmed: REQUEST B0 NEEDS-ACTION",
        "Changed: REQUEST B1 NEEDS-ACTION",
    ]


def test_waiting_promoted_swapped(letters):
    session = make_session(capacity=1)
    first, person = make_people(2)
    seat, wish = sign_up(session, first), sign_up(session, person)
    letters()
    other = another_date(wish)
    give_back(seat)
    wish.refresh_from_db()
    swaps.swap(registration_key=wish.key, session_key=other.key, attendee=person, now=NOW)

    received = letters().of(person)

    assert received.story == [
        "On the waiting list: -",
        "You have a seat: REQUEST A0 NEEDS-ACTION",
        "Changed: REQUEST A1 NEEDS-ACTION",
    ]
    assert [event["starts"] for event in received.events] == [
        int(date.starts_at.timestamp()) for date in (session, other)
    ]


def test_waiting_has_nothing_in_the_calendar_whatever_happens(letters):
    session = make_session(capacity=0)
    sign_up(session, make_person())
    delivered = letters().story
    move(session, DAY)
    letters()
    relocate(session, venue=make_venue())
    letters()
    relocate(session, join_url="https://meet.example.org/abc")
    cancel_session(session)
    letters()
    reinstate(session)

    received = letters()

    assert delivered == ["On the waiting list: -"]
    assert received.story == [
        "On the waiting list: -",
        "Changed: -",
        "Changed: -",
        "CANCELLED: -",
        "It takes place after all: -",
    ]
    assert not [envelope for envelope in received.envelopes if b"meet.example.org" in envelope.content]


def test_offered_and_accepted(letters):
    session = make_session(capacity=1, starts_at=NOW + timedelta(hours=50))
    first, person = make_people(2)
    seat, wish = sign_up(session, first), sign_up(session, person)
    letters()
    give_back(seat)
    letters()
    offers.accept_offer(registration_key=wish.key, actor=person, now=NOW)

    told = letters().of(person).story

    assert told[0] == "On the waiting list: -"
    assert told[1].startswith("A seat for you?")
    assert told[1].endswith(": -")
    assert told[2:] == ["Confirmed: REQUEST A0 NEEDS-ACTION"]


def test_offer_declined_has_nothing_to_cancel(letters):
    session = make_session(capacity=1, starts_at=NOW + timedelta(hours=50))
    first, person = make_people(2)
    seat, wish = sign_up(session, first), sign_up(session, person)
    give_back(seat)
    offers.decline_offer(registration_key=wish.key, actor=person, now=NOW)

    assert letters().of(person).contents == []


def test_cancelled_and_reinstated_is_another_entry(letters):
    session, person = make_session(), make_person()
    sign_up(session, person)
    cancel_session(session)
    reinstate(session)
    move(session, DAY)

    assert letters().story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "CANCELLED: CANCEL A1 NEEDS-ACTION",
        "It takes place after all: REQUEST B0 NEEDS-ACTION",
        "Changed: REQUEST B1 NEEDS-ACTION",
    ]


def test_an_answer_is_kept_until_the_time_or_the_room_changes(letters):
    session, person = make_session(), make_person()
    sign_up(session, person)
    reply(Answer.ACCEPTED)
    relocate(session, join_url="https://meet.example.org/abc")
    relocate(session, venue=make_venue())
    reply(Answer.TENTATIVE)
    relocate(session, join_url="https://meet.example.org/def")
    move(session, DAY)
    relocate(session, join_url="https://meet.example.org/ghi")
    reply(Answer.ACCEPTED)
    cancel_session(session)

    assert letters().story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "Changed: REQUEST A1 ACCEPTED",
        "Changed: REQUEST A2 NEEDS-ACTION",
        "Changed: REQUEST A3 TENTATIVE",
        "Changed: REQUEST A4 NEEDS-ACTION",
        "Changed: REQUEST A5 NEEDS-ACTION",
        "CANCELLED: CANCEL A6 NEEDS-ACTION",
    ]


def test_cancel_goes_also_to_people_who_never_answered_and_not_to_people_who_declined(letters):
    session = make_session(capacity=3)
    silent, accepted, declined = make_people(3)
    sign_up(session, silent)
    for person, answer in ((accepted, Answer.ACCEPTED), (declined, Answer.DECLINED)):
        sign_up(session, person)
        reply(answer)
    cancel_session(session)

    received = letters()

    assert [received.of(person).story[1] for person in (silent, accepted, declined)] == [
        "CANCELLED: CANCEL A1 NEEDS-ACTION",
        "CANCELLED: CANCEL A1 NEEDS-ACTION",
        "CANCELLED: -",
    ]


def test_somebody_who_declined_a_moment_ago_is_told_of_changes_without_an_update(letters):
    session, person = make_session(), make_person()
    sign_up(session, person)
    reply(Answer.DECLINED)
    Invite.objects.update(release_at=NOW + timedelta(minutes=15))
    move(session, DAY)

    assert letters().story == ["Confirmed: REQUEST A0 NEEDS-ACTION", "Changed: -"]


def test_somebody_who_swaps_after_a_decline_comes_after_all(letters):
    session, person = make_session(), make_person()
    seat = sign_up(session, person)
    reply(Answer.DECLINED)
    Invite.objects.update(release_at=NOW + timedelta(minutes=15))
    swaps.swap(registration_key=seat.key, session_key=another_date(seat).key, attendee=person, now=NOW)

    assert letters().story == ["Confirmed: REQUEST A0 NEEDS-ACTION", "Changed: REQUEST A1 NEEDS-ACTION"]
    assert Invite.objects.get().release_at is None


def test_two_changes_in_one_second_have_an_order(letters):
    session, person = make_session(), make_person()
    sign_up(session, person)
    for _ in range(3):
        move(session, DAY)

    stamps = [event["stamp"] for event in letters().events]

    assert [stamp - stamps[0] for stamp in stamps] == [0, 1, 2, 3]


# --- the mails as files


def test_the_file_backend_writes_what_a_server_would_receive(settings, tmp_path):
    settings.EMAIL_BACKEND = "project.outbox.adapters.EmlFileBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    session = make_session()
    seat = sign_up(session, make_person())
    move(session, DAY)
    give_back(seat)
    while delivery.deliver_due(now=NOW):
        pass

    files = [path.read_bytes() for path in sorted(Path(tmp_path).glob("*.eml"))]

    assert files == [bytes(message.raw) for message in Message.objects.order_by("pk")]
    methods = [
        b"method=" + method in raw or b'method="' + method in raw
        for raw, method in zip(files, (b"REQUEST", b"REQUEST", b"CANCEL"), strict=True)
    ]
    assert all(methods)
    assert Registration.objects.get().is_cancelled
