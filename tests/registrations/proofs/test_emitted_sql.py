"""The statements that the verbs of seats send: the lock comes before anything is decided, and a crowd costs no more
than a few.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.enums import SeatScope
from events.models import Round
from project.accounts.enums import Audience
from registrations.models import AccessLink, Completion, Registration
from registrations.services.attending import booking, conference, offers, swaps, wishes
from registrations.services.organizing import approval, by_hand, capacity, holds, schedule
from registrations.services.seats import waitlist
from tests.factories import NOW, make_event, make_people, make_person, make_session
from tests.registrations.support.screens import fill

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

LOCK = re.compile(r'^SELECT .* FROM "events_event" .*FOR NO KEY UPDATE', re.DOTALL)
OF_SEATS = ('"registrations_registration"', '"events_session"')
BESIDE = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")
SOON = timedelta(hours=60)


def statements(verb, **facts):
    """In order, without those that only begin and end transactions."""
    with CaptureQueriesContext(connection) as sent:
        verb(**facts)
    return [query["sql"] for query in sent.captured_queries if not query["sql"].startswith(BESIDE)]


def everything_on():
    """A full session with each rule that a claim is checked against, and somebody who passes all of them."""
    first = make_event()
    event = make_event(prerequisite=first, audiences=("STUDENT",), units=("law",))
    session = make_session(
        event=event,
        capacity=3,
        is_unlisted=True,
        opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=9),
        held_seats=1,
        held_audiences=("STUDENT",),
        held_until=NOW + timedelta(days=5),
    )
    for person in make_people(6):
        admit(person, session)
        booking.sign_up(session_key=session.key, attendee=person, now=NOW)
    newcomer = make_person(audience=Audience.STUDENT)
    admit(newcomer, session)
    clash = make_session(starts_at=session.starts_at)
    booking.sign_up(session_key=clash.key, attendee=newcomer, now=NOW)
    return session, newcomer


def admit(person, session, *, is_first=True):
    if is_first:
        Completion.objects.create(person=person, event=session.event.prerequisite, completed_at=NOW)
    AccessLink.objects.create(session=session, address=person.email, created_at=NOW, expires_at=session.starts_at)


def test_a_sign_up_holds_the_lock_for_at_most_eight_statements():
    session, newcomer = everything_on()

    sent = statements(booking.sign_up, session_key=session.key, attendee=newcomer, now=NOW)

    claim = Registration.objects.get(session=session, attendee=newcomer)
    assert claim.is_confirmed  # the seat that was held for students
    assert LOCK.match(sent[0])
    assert len(sent[1:]) <= 8, "\n".join(sent)


def test_a_sign_up_that_waits_holds_the_lock_for_at_most_eight_statements():
    session, newcomer = everything_on()
    booking.sign_up(session_key=session.key, attendee=newcomer, now=NOW)
    late = make_person(audience=Audience.STUDENT)
    admit(late, session)

    sent = statements(booking.sign_up, session_key=session.key, attendee=late, now=NOW)

    assert Registration.objects.get(session=session, attendee=late).is_waiting
    assert len(sent[1:]) <= 8, "\n".join(sent)


def test_a_seat_that_ends_another_wish_takes_one_statement_more():
    session, newcomer = everything_on()
    other = make_session(event=session.event, capacity=0, starts_at=NOW + timedelta(days=20))
    admit(newcomer, other, is_first=False)
    wishes.wait(event_key=session.event.key, session_keys={other.key}, attendee=newcomer, now=NOW)

    sent = statements(booking.sign_up, session_key=session.key, attendee=newcomer, now=NOW)

    assert Registration.objects.get(session=other).is_cancelled
    assert len(sent[1:]) <= 9, "\n".join(sent)


def test_a_sign_up_sends_at_most_fifteen_statements_in_all(client, clock):
    session, newcomer = everything_on()
    client.force_login(newcomer)

    with CaptureQueriesContext(connection) as sent:
        answer = client.post(reverse("registrations:sign_up", args=[session.key]))

    asked = [query["sql"] for query in sent.captured_queries if not query["sql"].startswith(BESIDE)]
    assert answer.status_code == 302
    assert Registration.objects.get(session=session, attendee=newcomer).is_confirmed
    assert len(asked) <= 15, "\n".join(asked)


def after_dates(dates):
    """A series of which somebody has been to these dates; each is a slot of its own."""
    event = make_event(seat_scope=SeatScope.SESSION)
    person = make_person()
    for day in range(dates):
        begun = make_session(event=event, starts_at=NOW + timedelta(days=day + 1))
        booking.sign_up(session_key=begun.key, attendee=person, now=NOW)
    later = NOW + timedelta(days=20)
    waitlist.settle_event(event_id=event.pk, now=later)  # whoever comes first notes that they are over
    return event, person, later


@pytest.mark.parametrize("dates", [1, 6])
def test_a_sign_up_asks_nothing_more_for_dates_that_have_begun(dates):
    """Of which a person may have had many, where each date is a slot of its own."""
    event, person, later = after_dates(dates)
    session = make_session(event=event, starts_at=later + SOON)

    sent = statements(booking.sign_up, session_key=session.key, attendee=person, now=later)

    assert len(sent) == 8, "\n".join(sent)


@pytest.mark.parametrize("dates", [1, 6])
def test_the_dates_of_a_wish_are_asked_for_together(dates):
    event, person, later = after_dates(dates)
    make_session(event=event, starts_at=later + SOON)

    sent = statements(wishes.wait, event_key=event.key, session_keys=set(), attendee=person, now=later)

    assert len(sent) == 10, "\n".join(sent)


def crowded(people, **overrides):
    """Half of them have a seat, half wait."""
    session = make_session(capacity=people // 2, **overrides)
    return session, fill(session, people)


def cancel_a_seat(people):
    _, claims = crowded(people)
    return booking.cancel, {"registration_key": claims[0].key, "actor": claims[0].attendee}


def restore_a_place(people):
    _, claims = crowded(people)
    given_back = booking.cancel(registration_key=claims[-1].key, actor=claims[-1].attendee, now=NOW)
    return booking.restore, {"registration_key": given_back.key, "attendee": claims[-1].attendee}


def resize(people):
    session, _ = crowded(people)
    return capacity.resize_session, {"session_key": session.key, "capacity": people}


def cancel_the_session(people):
    session, claims = crowded(people)
    return capacity.cancel_session, {"session_key": session.key, "actor": claims[0].attendee}


def move_the_session(people):
    session, _ = crowded(people)
    starts_at = session.starts_at + timedelta(days=1)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    return schedule.reschedule_session, {"session_key": session.key, **times}


def hold_seats(people):
    session, claims = crowded(people)
    hold = holds.Hold(seats=1, audiences=("STUDENT",), until=NOW + timedelta(days=1))
    return holds.hold_seats, {"session_key": session.key, "hold": hold, "actor": claims[0].attendee}


def decline_an_offer(people):
    session, claims = crowded(people, starts_at=NOW + SOON)
    booking.cancel(registration_key=claims[0].key, actor=claims[0].attendee, now=NOW)
    offered = Registration.objects.select_related("attendee").get(session=session, status="OFFERED")
    return offers.decline_offer, {"registration_key": offered.key, "actor": offered.attendee}


def accept_an_offer(people):
    _, facts = decline_an_offer(people)
    return offers.accept_offer, facts


def let_offers_run_out(people):
    """All of them at one moment; each goes to the next."""
    session, _ = crowded(2 * people, starts_at=NOW + SOON)
    capacity.resize_session(session_key=session.key, capacity=people + people // 2, now=NOW)
    ends_at = Registration.objects.filter(status="OFFERED").latest("offer_expires_at").offer_expires_at
    return waitlist.settle_event, {"event_id": session.event_id, "now": ends_at}


def swap(people):
    session, claims = crowded(people)
    other = make_session(event=session.event, starts_at=NOW + timedelta(days=12), capacity=people)
    mine = claims[0]
    keys = {"registration_key": mine.key, "session_key": other.key}
    return swaps.swap, {**keys, "attendee": mine.attendee}


def wait_for_any_date(people):
    session, _ = crowded(people)
    for days in range(12, 15):
        fill(make_session(event=session.event, starts_at=NOW + timedelta(days=days), capacity=1), people)
    return wishes.wait_for_any, {"event_key": session.event.key, "attendee": make_person()}


def choose(people):
    event = make_event(seat_scope=SeatScope.ROUND)
    choices = {}
    for number in (1, 2):
        round_ = Round.objects.create(event=event, number=number)
        session = make_session(
            event=event, round=round_, capacity=people // 2, starts_at=NOW + timedelta(days=9, hours=number)
        )
        fill(session, people)
        choices[round_.key] = session.key
    return conference.choose, {"event_key": event.key, "choices": choices, "attendee": make_person()}


def approve(people):
    session = make_session(event=make_event(needs_approval=True), capacity=people)
    claims = fill(session, people)
    return approval.approve, {"registration_key": claims[-1].key, "actor": make_person()}


def seat_by_hand(people):
    session, claims = crowded(people)
    hold = holds.Hold(seats=1, audiences=("STUDENT",), until=NOW + timedelta(days=1))
    holds.hold_seats(session_key=session.key, hold=hold, actor=claims[0].attendee, now=NOW)
    booking.cancel(registration_key=claims[0].key, actor=claims[0].attendee, now=NOW)
    return by_hand.seat, {
        "registration_key": claims[-1].key,
        "actor": make_person(),
        "reason": "needs a chair with arms",
    }


VERBS = [
    cancel_a_seat,
    restore_a_place,
    resize,
    cancel_the_session,
    move_the_session,
    hold_seats,
    decline_an_offer,
    accept_an_offer,
    let_offers_run_out,
    swap,
    wait_for_any_date,
    choose,
    approve,
    seat_by_hand,
]


@pytest.mark.parametrize("situation", VERBS)
def test_a_verb_sends_as_many_statements_for_thirty_people_as_for_four(situation):
    few, many = (_sent_for(situation, people) for people in (4, 30))

    assert len(few) == len(many), "\n".join(sorted(set(many) - set(few)))


@pytest.mark.parametrize("situation", VERBS)
def test_a_verb_locks_the_event_before_it_looks_at_seats(situation):
    sent = _sent_for(situation, 4)

    locked = next(number for number, sql in enumerate(sent) if LOCK.match(sql))
    looked = next(number for number, sql in enumerate(sent) if any(table in sql for table in OF_SEATS))
    assert locked <= looked


def _sent_for(situation, people):
    verb, facts = situation(people)
    return statements(verb, **{"now": NOW, **facts})
