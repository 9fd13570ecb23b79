"""Whoever was let in for somebody else has again what they had before, whatever that was."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import pytest

from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Source, Status
from registrations.models import Invite, Registration, RegistrationLog
from registrations.services.attending import booking, wishes
from registrations.services.door import attendance
from registrations.services.organizing import by_hand, capacity
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session
from tests.registrations.support.mails import calendar_of
from tests.registrations.support.screens import fill, opening

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=5)


@pytest.fixture
def host():
    return make_person()


def rows(person):
    """What the person has, the log and the mails apart."""
    return list(Registration.objects.filter(attendee=person).order_by("pk").values())


def let_in_and_out(session, person, host, *, between=lambda: None):
    claim = attendance.walk_in(session_key=session.key, address=person.email, actor=host, now=opening(session))
    between()
    later = opening(session) + SOON
    return attendance.take_back(registration_key=claim.key, actor=host, now=later)


def waiting(event, **_):
    return booking.sign_up(session_key=event.sessions.first().key, attendee=make_person(), now=NOW).attendee


def prioritized(event):
    person = waiting(event)
    claim = Registration.objects.get(attendee=person)
    by_hand.prioritize(registration_key=claim.key, priority=-2, reason="helps", actor=make_organizer(), now=NOW)
    return person


def any_date(event):
    person = make_person()
    wishes.wait_for_any(event_key=event.key, attendee=person, now=NOW)
    return person


def swap(event):
    here, other = event.sessions.order_by("starts_at")
    capacity.resize_session(session_key=other.key, capacity=1, now=NOW)
    [seat] = fill(other, 1)
    wishes.wait_for(session_key=here.key, attendee=seat.attendee, now=NOW)
    return seat.attendee


def requested(event):
    event.needs_approval = True
    event.save()
    return waiting(event)


def two_requests(event):
    person = requested(event)
    booking.sign_up(session_key=event.sessions.last().key, attendee=person, now=NOW)
    return person


@pytest.mark.parametrize("prior", [waiting, prioritized, any_date, swap, requested, two_requests])
def test_everything_is_as_it_was(host, prior):
    event = make_event()
    here = make_session(event=event, capacity=0)
    make_session(event=event, capacity=0, starts_at=NOW + timedelta(days=30))
    person = prior(event)
    before = rows(person)

    let_in_and_out(here, person, host)

    assert rows(person) == before
    assert audit_seats(now=opening(here) + SOON) == {}


@pytest.mark.parametrize("prior", [waiting, prioritized, any_date, swap, requested, two_requests])
def test_everything_is_as_it_was_after_it_happened_twice(host, prior):
    event = make_event()
    here = make_session(event=event, capacity=0)
    make_session(event=event, capacity=0, starts_at=NOW + timedelta(days=30))
    person = prior(event)
    before = rows(person)

    let_in_and_out(here, person, host)
    let_in_and_out(here, person, host)

    assert rows(person) == before


def test_a_request_still_needs_the_organiser(host):
    session = make_session(event=make_event(needs_approval=True))
    [request] = fill(session, 1)

    let_in_and_out(session, request.attendee, host)
    booking.sign_up(session_key=session.key, attendee=request.attendee, now=opening(session) + SOON)

    request.refresh_from_db()
    assert request.status == Status.REQUESTED


def test_a_walk_in_that_was_written_down_without_what_was_before_has_the_state_of_its_history(host):
    session = make_session(event=make_event(needs_approval=True))
    [request] = fill(session, 1)

    let_in_and_out(session, request.attendee, host, between=lambda: RegistrationLog.objects.update(before={}))

    request.refresh_from_db()
    assert (request.status, request.source) == (Status.REQUESTED, Source.SELF)


def test_a_swap_whose_seat_was_given_back_meanwhile_is_a_wish_that_stands_alone(host):
    event = make_event()
    here = make_session(event=event, capacity=0)
    make_session(event=event, capacity=0, starts_at=NOW + timedelta(days=30))
    person = swap(event)
    held = Registration.objects.get(attendee=person, status=Status.CONFIRMED)

    def give_back():
        booking.cancel(registration_key=held.key, actor=person, now=opening(here))

    claim = let_in_and_out(here, person, host, between=give_back)

    claim.refresh_from_db()
    assert (claim.status, claim.replaces) == (Status.WAITLISTED, None)
    assert audit_seats(now=opening(here) + SOON) == {}


@pytest.fixture
def offered():
    """An offer that lasts until the start, on a date of which the other dates rest meanwhile."""
    event = make_event(seated_until_hours=300, offered_until_hours=0, offer_working_hours=60)
    here = make_session(event=event, capacity=1)
    make_session(event=event, capacity=0, starts_at=NOW + timedelta(days=30))
    keys = set(event.sessions.values_list("key", flat=True))
    [seat] = fill(here, 1)
    person = make_person()
    wishes.wait(event_key=event.key, session_keys=keys, attendee=person, now=NOW)
    type(event).objects.update(seated_until_hours=72)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=opening(here) - timedelta(hours=20))
    assert Registration.objects.filter(attendee=person, status=Status.OFFERED, session=here).exists()
    return here, person


def test_an_offer_is_open_again_with_its_deadline_and_the_other_wishes_rest(host, offered):
    here, person = offered
    before = rows(person)

    let_in_and_out(here, person, host)

    assert rows(person) == before
    assert not Invite.objects.filter(attendee=person, state="ACTIVE").exists()
    assert audit_seats(now=opening(here) + SOON) == {}


def test_nothing_is_said_of_a_seat_that_nobody_has_been_told_of(host, offered, mailbox):
    here, person = offered

    let_in_and_out(here, person, host)
    delivery.deliver_due(now=opening(here) + SOON)

    kinds = Message.objects.filter(recipient=person, status="SENT").order_by("pk").values_list("kind", flat=True)
    assert "registration-confirmed" not in kinds
    assert "door-mistake" not in kinds


def test_the_calendar_is_told_that_the_seat_was_a_mistake(host, offered, mailbox):
    here, person = offered

    let_in_and_out(here, person, host, between=lambda: delivery.deliver_due(now=opening(here)))
    delivery.deliver_due(now=opening(here) + SOON)

    told = Message.objects.filter(recipient=person).latest("pk")
    assert (told.kind, told.status) == ("door-mistake", "SENT")
    assert calendar_of(message_from_bytes(bytes(told.raw)))["METHOD"] == "CANCEL"


def test_an_offer_that_ran_out_meanwhile_is_a_place_in_the_queue(host, offered):
    here, person = offered
    claim = Registration.objects.get(attendee=person, status=Status.OFFERED)
    Registration.objects.filter(pk=claim.pk).update(offer_expires_at=opening(here) + SOON)

    let_in_and_out(here, person, host)

    claim.refresh_from_db()
    assert (claim.status, claim.waitlisted_at) == (Status.WAITLISTED, NOW)
    assert audit_seats(now=opening(here) + SOON) == {}


def holder_of_an_offer_to_swap():
    event = make_event(seated_until_hours=300, offered_until_hours=0, offer_working_hours=60)
    here = make_session(event=event, capacity=1)
    other = make_session(event=event, capacity=1, starts_at=NOW + timedelta(days=30))
    [seat], [held] = fill(here, 1), fill(other, 1)
    wishes.wait_for(session_key=here.key, attendee=held.attendee, now=NOW)
    type(event).objects.update(seated_until_hours=72)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=opening(here) - timedelta(hours=20))
    assert Registration.objects.filter(attendee=held.attendee, status=Status.OFFERED).exists()
    return here, other, held


def test_the_seat_given_up_for_an_offer_is_held_again(host):
    here, _, held = holder_of_an_offer_to_swap()
    before = rows(held.attendee)

    let_in_and_out(here, held.attendee, host)

    assert rows(held.attendee) == before
    assert Invite.objects.get(attendee=held.attendee, state="ACTIVE").registration == held
    assert audit_seats(now=opening(here) + SOON) == {}


def test_the_seat_here_stays_where_the_other_one_is_gone(host):
    here, other, held = holder_of_an_offer_to_swap()
    [next_one] = make_people(1)

    def take_it():
        booking.sign_up(session_key=other.key, attendee=next_one, now=opening(here))

    claim = let_in_and_out(here, held.attendee, host, between=take_it)

    claim.refresh_from_db()
    assert (claim.status, claim.attendance) == (Status.CONFIRMED, "UNKNOWN")
    assert audit_seats(now=opening(here) + SOON) == {}


def test_settling_afterwards_gives_out_what_came_free(host):
    """The mistake holds nothing back from the next in the queue."""
    event = make_event(seated_until_hours=0, offered_until_hours=0)
    session = make_session(event=event, capacity=1)
    seat, first, second = fill(session, 3)
    attendance.walk_in(session_key=session.key, address=first.attendee.email, actor=host, now=opening(session))
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=opening(session))

    attendance.take_back(registration_key=first.key, actor=host, now=opening(session) + SOON)
    waitlist.settle_event(event_id=event.pk, now=opening(session) + SOON)

    for claim in (first, second):
        claim.refresh_from_db()
    assert [first.status, second.status] == [Status.WAITLISTED, Status.CONFIRMED]
