"""People who wait for any date also wait for those that are added later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import Audience
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import wishes
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.seats.offered import two_dates

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def wait(person, *sessions, event=None, now=NOW):
    event = event or sessions[0].event
    keys = {session.key for session in sessions}
    return wishes.wait(event_key=event.key, session_keys=keys, attendee=person, now=now)


def wished(person):
    waiting = Registration.objects.waiting().filter(attendee=person)
    return list(waiting.order_by("session__starts_at").values_list("session", flat=True))


def moments(person):
    return set(Registration.objects.waiting().filter(attendee=person).values_list("waitlisted_at", flat=True))


def in_languages(*languages, capacity=0):
    event = make_event()
    return [
        make_session(event=event, language=language, capacity=capacity, starts_at=NOW + timedelta(days=10 + number))
        for number, language in enumerate(languages)
    ]


def test_dates_that_are_added_in_another_language_are_not_waited_for():
    person, (one,) = make_person(), in_languages("en")
    wishes.wait_for_any(event_key=one.event.key, attendee=person, language="en", now=NOW)
    make_session(event=one.event, language="nl", starts_at=NOW + timedelta(days=30))
    added = make_session(event=one.event, language="en+nl", capacity=0, starts_at=NOW + timedelta(days=31))

    waitlist.settle_event(event_id=one.event_id, now=LATER)
    waitlist.settle_event(event_id=one.event_id, now=LATER)

    assert wished(person) == [one.pk, added.pk]
    assert set(Registration.objects.filter(attendee=person).values_list("any_date_language", flat=True)) == {"en"}


def test_a_date_that_is_added_later_is_waited_for_with_the_same_moment():
    person, (one, _) = make_person(), two_dates()
    wishes.wait_for_any(event_key=one.event.key, attendee=person, now=NOW)
    joined = moments(person)
    added = make_session(event=one.event, capacity=0, starts_at=NOW + timedelta(days=30))

    waitlist.settle_event(event_id=one.event_id, now=LATER)
    waitlist.settle_event(event_id=one.event_id, now=LATER)

    assert wished(person)[-1] == added.pk
    assert moments(person) == joined
    assert Registration.objects.get(session=added).log.get().action == "WAITLISTED"


def test_a_date_that_is_added_with_seats_goes_to_people_who_wait_for_any():
    person, (one, _) = make_person(), two_dates()
    wishes.wait_for_any(event_key=one.event.key, attendee=person, now=NOW)
    added = make_session(event=one.event, starts_at=NOW + timedelta(days=30))

    waitlist.settle_event(event_id=one.event_id, now=LATER)

    assert Registration.objects.get(attendee=person, session=added).status == Status.CONFIRMED
    assert wished(person) == []
    assert audit_seats(now=LATER) == {}


def test_somebody_who_chose_dates_does_not_wait_for_those_that_are_added():
    person, (one, other) = make_person(), two_dates()
    wishes.wait_for_any(event_key=one.event.key, attendee=person, now=NOW)
    wait(person, one, other)
    make_session(event=one.event, capacity=0, starts_at=NOW + timedelta(days=30))

    waitlist.settle_event(event_id=one.event_id, now=LATER)

    assert wished(person) == [one.pk, other.pk]


@pytest.mark.parametrize(
    "overrides",
    [{"is_unlisted": True}, {"has_waiting_list": False}, {"audiences": (Audience.STUDENT,)}, {"status": "CANCELLED"}],
)
def test_a_date_that_is_not_for_them_is_not_waited_for(overrides):
    person, (one, other) = make_person(), two_dates()
    wishes.wait_for_any(event_key=one.event.key, attendee=person, now=NOW)
    make_session(event=one.event, capacity=0, starts_at=NOW + timedelta(days=30), **overrides)

    waitlist.settle_event(event_id=one.event_id, now=LATER)

    assert wished(person) == [one.pk, other.pk]
