from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from events.enums import EventStatus
from events.models import Event
from project.outbox.models import Message
from registrations import tasks
from registrations.models import Interest
from registrations.services.attending import interest
from registrations.services.refusals import UnableToRegister
from tests.factories import NOW, make_event, make_people, make_person, make_session

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def ask(event, person, now=NOW):
    return interest.register_interest(event_key=event.key, person=person, now=now)


def interested(event, number=1):
    return [ask(event, person).person for person in make_people(number)]


def announced():
    return Message.objects.filter(kind="dates-announced")


def test_ask_is_remembered_once():
    event, person = make_event(), make_person()

    first, second = ask(event, person), ask(event, person, LATER)

    assert first == second == Interest.objects.get()
    assert first.created_at == NOW
    assert interest.is_interested(event=event, person=person)
    assert not interest.is_interested(event=event, person=None)


@pytest.mark.parametrize("opens_at", [None, NOW + timedelta(days=1)])
def test_ask_where_there_are_dates_already_asks_nothing(opens_at):
    session = make_session(opens_at=opens_at)

    assert ask(session.event, make_person()) is None
    assert not Interest.objects.exists()


@pytest.mark.parametrize(
    "overrides",
    [
        {"starts_at": NOW},
        {"closes_at": NOW},
        {"status": "CANCELLED"},
        {"is_unlisted": True},
    ],
)
def test_ask_beside_a_date_that_nobody_can_book(overrides):
    session = make_session(**overrides)

    assert ask(session.event, make_person())
    interest.announce(event_id=session.event.pk, now=NOW)
    assert Interest.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [("DRAFT", "not-published"), ("ARCHIVED", "not-published"), ("CANCELLED", "cancelled")],
)
def test_ask_refuses(status, code):
    with pytest.raises(UnableToRegister) as refusal:
        ask(make_event(status=status), make_person())

    assert refusal.value.code == code
    assert not Interest.objects.exists()


def test_take_back_twice_is_once_and_only_the_own():
    event = make_event()
    person, other = interested(event, 2)

    for _ in range(2):
        interest.take_back(event_key=event.key, person=person)

    assert Interest.objects.get().person == other


def test_announce_mails_everybody_once_and_forgets_them():
    event = make_event()
    people = interested(event, 2)
    interested(make_event())
    make_session(event=event)

    for _ in range(2):
        interest.announce(event_id=event.pk, now=LATER)

    assert [mail.recipient for mail in announced().order_by("pk")] == people
    assert {mail.subject_id for mail in announced()} == {event.key}
    assert Interest.objects.exclude(event=event).count() == Interest.objects.count() == 1


def test_announce_of_a_draft_waits_until_it_is_published():
    event = make_event()
    interested(event)
    make_session(event=event)
    Event.objects.update(status=EventStatus.DRAFT)

    interest.announce(event_id=event.pk, now=LATER)

    assert not announced().exists()
    assert Interest.objects.count() == 1


@pytest.mark.parametrize("number", [1, 30])
def test_announce_costs_the_same_for_one_and_many(number, django_assert_num_queries):
    event = make_event()
    interested(event, number)
    make_session(event=event)

    with django_assert_num_queries(7):
        interest.announce(event_id=event.pk, now=LATER)


def test_the_scheduler_announces_what_an_import_brought():
    event, without = make_event(), make_event()
    interested(event, 2)
    interested(without)
    make_session(event=event)
    make_session()

    with time_machine.travel(LATER, tick=False):
        for _ in range(2):
            tasks.announce_dates()

    assert announced().count() == 2
    assert Interest.objects.get().event == without


def test_events_without_dates_are_those_that_one_may_ask_about():
    past = make_event()
    make_session(event=past, starts_at=NOW - timedelta(days=9))
    make_session(event=make_event())
    for hidden in ({"status": EventStatus.DRAFT}, {"status": EventStatus.UNLISTED}, {"is_discreet": True}):
        make_event(**hidden)

    assert list(interest.without_dates(NOW)) == [past]


def test_what_somebody_asked_about_is_known():
    asked, other = make_event(), make_event()
    person, stranger = make_person(), make_person()
    interest.register_interest(event_key=asked.key, person=person, now=NOW)

    found = [interest.interesting_to(events=[asked, other], person=reader) for reader in (person, stranger, None)]

    assert found == [{asked.pk}, set(), set()]
