"""What organisers make public, and who is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from events.enums import EventStatus
from events.models import Event, Session
from events.services.editing import SessionFacts
from events.services.refusals import UnableToChange
from project.outbox.models import Message
from registrations.enums import Status
from registrations.services.attending import booking, interest, wishes
from registrations.services.organizing import publishing
from tests.factories import NOW, make_event, make_organizer, make_people, make_session, make_unit, make_venue

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def ask(event, person, now=NOW):
    return interest.register_interest(event_key=event.key, person=person, now=now)


def interested(event, number=1):
    return [ask(event, person).person for person in make_people(number)]


def announced():
    return Message.objects.filter(kind="dates-announced")


def facts(**overrides):
    start = NOW + timedelta(days=9)
    values: dict[str, Any] = {
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "capacity": 2,
        "venue": make_venue(),
    }
    return SessionFacts(**(values | overrides))


def test_publish_event_tells_people_who_asked():
    event = make_event(status=EventStatus.UNLISTED)
    [person] = interested(event)
    make_session(event=event)

    publishing.publish_event(event_key=event.key, actor=make_organizer(), now=LATER)

    assert Event.objects.get().status == EventStatus.PUBLISHED
    assert announced().get().recipient == person


def test_add_session_tells_people_who_asked():
    event = make_event(owner=make_unit())
    [person] = interested(event)

    session = publishing.add_session(event_key=event.key, facts=facts(), actor=make_organizer(), now=LATER)

    assert Session.objects.get() == session
    assert announced().get().recipient == person


def test_add_session_that_is_unlisted_tells_nobody():
    event = make_event()
    interested(event)

    publishing.add_session(event_key=event.key, facts=facts(is_unlisted=True), actor=make_organizer(), now=LATER)

    assert not announced().exists()


def test_add_session_gives_its_seats_to_people_who_wait_for_any_date():
    session = make_session(capacity=0, has_waiting_list=True)
    waiting, other = make_people(2)
    wishes.wait_for_any(event_key=session.event.key, attendee=waiting, now=NOW)
    booking.sign_up(session_key=session.key, attendee=other, now=NOW)

    added = publishing.add_session(event_key=session.event.key, facts=facts(), actor=make_organizer(), now=LATER)

    seat = added.registrations.get()
    assert (seat.attendee, seat.status) == (waiting, Status.CONFIRMED)


@pytest.mark.parametrize(
    ("now", "code"),
    [({"status": EventStatus.CANCELLED}, "not-a-draft"), ({"is_discreet": True}, "coordinators-missing")],
)
def test_publish_event_that_is_refused_changes_nothing_and_tells_nobody(now, code):
    event = make_event(status=EventStatus.UNLISTED)
    interested(event)
    make_session(event=event)
    Event.objects.update(**now)
    before = Event.objects.values().get()

    with pytest.raises(UnableToChange) as refusal:
        publishing.publish_event(event_key=event.key, actor=make_organizer(), now=LATER)

    assert refusal.value.code == code
    assert Event.objects.values().get() == before
    assert not announced().exists()
