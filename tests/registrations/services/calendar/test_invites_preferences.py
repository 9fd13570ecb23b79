"""What people and organisations prefer (specs/calendar.md 3.12, R26, R37; specs/privacy.md 3)."""

from __future__ import annotations

import pytest

from project.accounts.enums import CalendarPreference
from registrations.models import Invite
from tests.factories import make_person, make_session, make_venue
from tests.registrations.support.calendar import rules
from tests.registrations.support.calendar.acts import DAY, cancel_session, give_back, move, reinstate, relocate, sign_up
from tests.registrations.support.mails import make_secret_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("preference", [CalendarPreference.FEED, CalendarPreference.NONE])
def test_somebody_who_wants_no_invitations_gets_the_mails_alone(letters, preference):
    session, person = make_session(), make_person(calendar_preference=preference)
    seat = sign_up(session, person)
    move(session, DAY)
    give_back(seat)

    assert letters().story == ["Confirmed: -", "Changed: -", "Seat given back: -"]
    assert Invite.objects.get().sequence == 2


def test_somebody_who_wants_them_from_now_on_gets_the_entry_with_the_next_change(letters):
    session, person = make_session(), make_person(calendar_preference=CalendarPreference.FEED)
    sign_up(session, person)
    person.calendar_preference = CalendarPreference.INVITE
    person.save()
    move(session, DAY)
    cancel_session(session)

    assert letters().story == ["Confirmed: -", "Changed: REQUEST A1 NEEDS-ACTION", "CANCELLED: CANCEL A2 NEEDS-ACTION"]


def test_somebody_who_wants_none_any_more_still_gets_the_truth_about_those_they_have(letters):
    session, person = make_session(), make_person()
    sign_up(session, person)
    person.calendar_preference = CalendarPreference.NONE
    person.save()
    move(session, DAY)
    cancel_session(session)

    assert letters().story == [
        "Confirmed: REQUEST A0 NEEDS-ACTION",
        "Changed: REQUEST A1 NEEDS-ACTION",
        "CANCELLED: CANCEL A2 NEEDS-ACTION",
    ]


def test_an_organisation_can_say_accepted_from_the_beginning(letters, settings):
    settings.ICAL_INITIAL_PARTSTAT = "ACCEPTED"
    session, person = make_session(), make_person()
    sign_up(session, person)
    relocate(session, join_url="https://meet.example.org/abc")
    move(session, DAY)

    assert letters().story == [
        "Confirmed: REQUEST A0 ACCEPTED",
        "Changed: REQUEST A1 ACCEPTED",
        "Changed: REQUEST A2 NEEDS-ACTION",
    ]


def test_an_organisation_can_leave_the_copy_away(letters, settings):
    settings.ICAL_ATTACH_COPY = False
    sign_up(make_session(), make_person())

    mail = rules.parsed(letters().envelopes[0])

    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]


def test_nobody_is_invited_by_their_own_address(letters, settings):
    """R26: staff who sign up with the organisation's address."""
    session, person = make_session(), make_person(email=settings.MAIL_FROM)
    seat = sign_up(session, person)
    give_back(seat)

    assert letters().story == ["Confirmed: -", "Seat given back: -"]


def test_a_discreet_life_has_no_entry_at_all(letters):
    session, person = make_secret_session(), make_person()
    seat = sign_up(session, person)
    move(session, DAY)
    relocate(session, venue=make_venue())
    relocate(session, join_url="https://meet.example.org/abc")
    cancel_session(session)
    reinstate(session)
    seat.refresh_from_db()
    give_back(seat)

    received = letters()  # all at once, so what happened to the date is one mail

    assert (received.contents, len(received.envelopes), Invite.objects.count()) == ([], 3, 0)


def test_in_dutch_the_entry_is_dutch(letters):
    session, person = make_session(), make_person(language="nl")
    sign_up(session, person)
    cancel_session(session)

    assert [event["summary"].partition(": ")[0] for event in letters().events][1] == "GEANNULEERD"
