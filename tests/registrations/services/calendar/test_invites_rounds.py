"""Entries of people who come to several sessions of one event (specs/calendar.md 3.10, 3.11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SeatScope
from events.models import Round
from project.accounts.enums import CalendarPreference
from project.outbox.models import Message
from registrations.models import Registration
from tests.factories import NOW, make_event, make_person
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import choose, give_back, in_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def rounds():
    event = make_event(seat_scope=SeatScope.ROUND)
    return [Round.objects.create(event=event, number=number) for number in (1, 2)]


def test_rounds_are_entries_of_their_own_and_another_session_of_a_round_is_an_update(letters, rounds):
    """specs/calendar.md 3.11."""
    one, other = (in_round(rounds[0], title_en=title) for title in ("Listening", "Speaking"))
    second, person = in_round(rounds[1], title_en="Acting"), make_person()
    choose(person, one, second)
    choose(person, other)
    choose(person, none_in=[rounds[1]])

    received = letters()

    assert received.story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "Confirmed: REQUEST B0 NEEDS-ACTION",
        "Changed: REQUEST A1 NEEDS-ACTION",
        "Seat given back: CANCEL B1 NEEDS-ACTION",
    ]
    around = [f"({rounds[0].event.title}, round {number})" for number in (1, 2)]
    assert [event["summary"] for event in received.events] == [
        f"Listening {around[0]}",
        f"Acting {around[1]}",
        f"Speaking {around[0]}",
        f"CANCELLED: Acting {around[1]}",
    ]


def many_rounds(number, **overrides):
    event = make_event(seat_scope=SeatScope.ROUND, **overrides)
    rounds = [Round.objects.create(event=event, number=each) for each in range(1, number + 1)]
    return [in_round(round_, title_en=f"Part {round_.number}") for round_ in rounds]


def test_five_sessions_at_once_are_five_mails(letters):
    choose(make_person(), *many_rounds(5))

    assert letters().story == [f"Confirmed: REQUEST {name}0 NEEDS-ACTION" for name in "ABCDE"]


def test_more_are_one_mail_and_then_the_invitations_one_by_one(letters):
    sessions, person = many_rounds(6), make_person()
    choose(person, *sessions)
    mails = Message.objects.filter(kind="registration-confirmed").order_by("pk")
    due = list(mails.values_list("due_at", flat=True))

    received = letters()

    assert received.story == ["Confirmed: -", *(f"Confirmed: REQUEST {name}0 NEEDS-ACTION" for name in "ABCDEF")]
    assert [moment - NOW for moment in due] == [timedelta(minutes=number) for number in range(1, 7)]
    words, first = (rules.text_of(envelope) for envelope in received.envelopes[:2])
    assert [f"Part {number}" in words for number in range(1, 7)] == [True] * 6
    assert "The calendar invitations follow one by one" in words
    assert "Give it back" not in first


@pytest.mark.parametrize("overrides", [{"is_discreet": True}, {}])
def test_without_invitations_it_is_one_mail_alone(letters, overrides):
    person = make_person(calendar_preference=CalendarPreference.FEED)
    choose(person, *many_rounds(6, **overrides))

    received = letters()

    assert (len(received.envelopes), received.contents) == (1, [])


def test_the_summary_of_a_discreet_event_tells_nothing(letters):
    choose(make_person(), *many_rounds(6, is_discreet=True, title_en="Telling"))

    [envelope] = letters().envelopes

    assert b"Telling" not in envelope.content
    assert b"Part" not in envelope.content
    assert rules.parsed(envelope)["Subject"].startswith("Your booking is confirmed (ref ")


def test_the_summary_leaves_out_what_was_given_back_meanwhile(letters):
    sessions, person = many_rounds(6), make_person()
    choose(person, *sessions)
    for seat in Registration.objects.select_related("attendee"):
        give_back(seat)

    assert not [told for told in letters().story if told == "Confirmed: -"]
