"""An account that is switched off: nothing is given, offered or sent to it, and nobody waits behind it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from events.models import Session
from events.services.refusals import UnableToChange
from project.outbox.enums import MessageStatus, Trouble
from project.outbox.models import Message
from project.outbox.services import delivery
from registrations.enums import Status
from registrations.models import Registration
from registrations.querysets import annotate_seats
from registrations.services.attending import booking, colleagues, conference, interest, offers, swaps, wishes
from registrations.services.door import attendance
from registrations.services.mailing import broadcasts
from registrations.services.organizing import approval, by_hand, capacity, reinstatement
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from registrations.services.seats.availability import count_seats
from tests.factories import NOW, make_event, make_organizer, make_person, make_session
from tests.registrations.support.clocks import give_back, settle, statuses
from tests.registrations.support.inbox import LATER, invite_of, outlook, post, status_of, tick
from tests.registrations.support.notices import send, written
from tests.registrations.support.reminded import ask, make_seat, remind
from tests.registrations.support.screens import at, opening, text_of, url
from tests.registrations.support.seats.offered import TWO_DAYS, everything, full_session, offer_to, take, two_dates

pytestmark = pytest.mark.django_db


def switch_off(person):
    person.is_active = False
    person.save(update_fields=["is_active"])
    return person


def switch_on(person):
    person.is_active = True
    person.save(update_fields=["is_active"])
    return person


def test_verbs_refuse_somebody_who_is_switched_off():
    session = make_session()
    mine = take(session, make_person())
    gone, event = switch_off(mine.attendee), session.event
    other = make_session(event=event)
    before = everything()
    verbs: list[Any] = [
        partial(booking.sign_up, session_key=other.key),
        partial(booking.restore, registration_key=mine.key),
        partial(wishes.wait, event_key=event.key, session_keys=[other.key]),
        partial(wishes.wait_for, session_key=other.key),
        partial(wishes.take_first_seat, event_key=event.key),
        partial(conference.choose, event_key=make_event().key, choices={}),
        partial(swaps.swap, registration_key=mine.key, session_key=other.key),
        partial(swaps.undo, registration_key=mine.key),
    ]

    for verb in verbs:
        with pytest.raises(UnableToRegister, match="signed-out") as refusal:
            verb(attendee=gone, now=NOW)
        assert refusal.value.text

    assert everything() == before


def test_an_offer_is_not_taken_by_somebody_who_is_switched_off():
    offered = offer_to(make_person())
    switch_off(offered.attendee)

    with pytest.raises(UnableToRegister, match="signed-out"):
        offers.accept_offer(registration_key=offered.key, actor=offered.attendee, now=NOW)

    offered.refresh_from_db()
    assert offered.status == Status.OFFERED


def test_the_queue_passes_over_somebody_who_is_switched_off():
    session = full_session()
    seat = Registration.objects.get(session=session)
    gone, next_one = (take(session, make_person()) for _ in range(2))
    switch_off(gone.attendee)

    give_back(seat, NOW)

    gone.refresh_from_db()
    next_one.refresh_from_db()
    assert (gone.status, next_one.status) == (Status.WAITLISTED, Status.CONFIRMED)
    assert audit_seats(now=NOW) == {}


def test_a_seat_is_free_beside_somebody_who_is_switched_off():
    session = full_session()
    seat = Registration.objects.get(session=session)
    gone = take(session, make_person())
    switch_off(gone.attendee)
    give_back(seat, NOW)

    assert take(session, make_person()).is_confirmed


def test_an_organizer_seats_nobody_who_is_switched_off():
    gone = take(full_session(), make_person())
    switch_off(gone.attendee)
    before = everything()

    with pytest.raises(UnableToChange, match="inactive"):
        by_hand.seat(registration_key=gone.key, actor=make_organizer(), reason="asked", now=NOW)

    assert everything() == before


def test_the_door_lets_in_nobody_who_is_switched_off():
    session, gone = make_session(), switch_off(make_person())

    with pytest.raises(UnableToChange, match="inactive"):
        attendance.walk_in(session_key=session.key, address=gone.email, actor=make_person(), now=opening(session))

    assert not Registration.objects.exists()


def test_deliver_drops_mail_to_somebody_who_is_switched_off():
    take(make_session(), make_person())
    message = Message.objects.get()
    switch_off(message.recipient)

    delivery.deliver(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.DROPPED, Trouble.INACTIVE)


@pytest.mark.parametrize("has_seat", [True, False])
def test_a_discreet_door_says_the_same_of_somebody_switched_off_with_a_seat_or_without(has_seat):
    session, person = make_session(event=make_event(is_discreet=True)), make_person()
    if has_seat:
        take(session, person)
    switch_off(person)
    before = everything()

    with pytest.raises(UnableToChange, match="inactive"):
        attendance.walk_in(session_key=session.key, address=person.email, actor=make_person(), now=opening(session))

    assert everything() == before


def test_an_open_door_ticks_the_seat_of_somebody_who_is_switched_off():
    session = make_session()
    seat = take(session, make_person())
    gone = switch_off(seat.attendee)

    came = attendance.walk_in(session_key=session.key, address=gone.email, actor=make_person(), now=opening(session))

    assert (came, came.has_attended) == (seat, True)


def test_approve_refuses_somebody_who_is_switched_off():
    asked = take(make_session(event=make_event(needs_approval=True)), make_person())
    switch_off(asked.attendee)
    before = everything()

    with pytest.raises(UnableToChange, match="inactive"):
        approval.approve(registration_key=asked.key, actor=make_organizer(), now=NOW)

    assert everything() == before


def test_an_offer_passes_over_somebody_who_is_switched_off():
    session = full_session(starts_at=TWO_DAYS)
    seat = Registration.objects.get(session=session)
    gone, next_one = (take(session, make_person()) for _ in range(2))
    switch_off(gone.attendee)

    give_back(seat, NOW)

    assert statuses(gone, next_one) == [Status.WAITLISTED, Status.OFFERED]


def test_a_swap_is_not_traded_with_somebody_who_is_switched_off():
    one, other = two_dates()
    first, second = (Registration.objects.get(session=session) for session in (one, other))
    wishes.wait_for(session_key=other.key, attendee=first.attendee, now=NOW)
    switch_off(first.attendee)

    wishes.wait_for(session_key=one.key, attendee=second.attendee, now=NOW)

    assert statuses(first, second) == [Status.CONFIRMED, Status.CONFIRMED]
    assert audit_seats(now=NOW) == {}


def test_somebody_who_is_switched_on_again_is_exchanged_when_the_scheduler_comes_round():
    one, other = two_dates()
    first, second = (Registration.objects.get(session=session) for session in (one, other))
    wishes.wait_for(session_key=other.key, attendee=first.attendee, now=NOW)
    switch_off(first.attendee)
    wishes.wait_for(session_key=one.key, attendee=second.attendee, now=NOW)

    switch_on(first.attendee)
    settle(one, NOW)

    assert statuses(first, second) == [Status.CANCELLED, Status.CANCELLED]
    assert Registration.objects.get(session=one, status=Status.CONFIRMED).attendee == second.attendee
    assert audit_seats(now=NOW) == {}


def test_a_new_date_is_not_wished_for_somebody_who_is_switched_off_until_they_are_back():
    session = full_session()
    gone = make_person()
    wishes.wait_for_any(event_key=session.event.key, attendee=gone, now=NOW)
    switch_off(gone)
    added = full_session(event=session.event)

    settle(session, NOW)
    assert not Registration.objects.filter(session=added, attendee=gone).exists()

    switch_on(gone)
    settle(session, NOW)
    assert Registration.objects.filter(session=added, attendee=gone, status=Status.WAITLISTED).exists()


def test_somebody_who_is_switched_off_waits_uncounted_and_counts_again_with_the_old_moment():
    session = full_session()
    seat = Registration.objects.get(session=session)
    gone, next_one = (take(session, make_person()) for _ in range(2))
    switch_off(gone.attendee)
    counted = annotate_seats(Session.objects.filter(pk=session.pk), NOW).get()
    queue: Any = Registration.objects.waiting().with_place(NOW)
    places = {claim.pk: claim.place for claim in queue}
    assert (counted.waiting_count, count_seats([counted], now=NOW)[session.pk].waiting) == (1, 1)
    assert places == {gone.pk: None, next_one.pk: 1}

    switch_on(gone.attendee)
    give_back(seat, NOW)

    assert statuses(gone, next_one) == [Status.CONFIRMED, Status.WAITLISTED]


def test_the_scheduler_has_nothing_to_settle_for_somebody_who_is_switched_off():
    waiting = take(full_session(), make_person())
    assert waitlist.events_to_settle(NOW) == {waiting.session.event_id}

    switch_off(waiting.attendee)

    assert waitlist.events_to_settle(NOW) == set()


def test_a_colleague_is_asked_though_only_somebody_switched_off_waits():
    session = full_session()
    seat = Registration.objects.get(session=session)
    switch_off(take(session, make_person()).attendee)
    Session.objects.filter(pk=session.pk).update(capacity=2)

    colleagues.invite(session_key=session.key, address="somebody@elsewhere.example", inviter=seat.attendee, now=NOW)

    assert Registration.objects.get(status=Status.OFFERED).attendee.email == "somebody@elsewhere.example"


def test_a_colleague_who_is_switched_off_is_not_asked_and_nobody_can_tell():
    session, gone = make_session(capacity=3), switch_off(make_person())
    seat = take(session, make_person())

    colleagues.invite(session_key=session.key, address=gone.email, inviter=seat.attendee, now=NOW)

    held = Registration.objects.get(status=Status.OFFERED)
    assert held.attendee.is_stand_in
    assert not Message.objects.filter(recipient=gone).exists()
    counted = annotate_seats(Session.objects.filter(pk=session.pk), NOW).get()
    assert counted.seats_left == 1


def test_announce_keeps_the_wish_of_somebody_who_is_switched_off_for_when_they_are_back():
    event, gone = make_event(), make_person()
    interest.register_interest(event_key=event.key, person=gone, now=NOW)
    make_session(event=event)
    switch_off(gone)
    later = NOW + timedelta(days=1)
    assert interest.events_to_announce(later) == set()

    interest.announce(event_id=event.pk, now=later)
    assert not Message.objects.exists()

    switch_on(gone)
    interest.announce(event_id=event.pk, now=later)
    assert Message.objects.get().recipient == gone


@pytest.mark.parametrize("round_of", [remind, ask])
def test_nobody_who_is_switched_off_is_reminded_or_asked(round_of):
    seat = make_seat(capacity=1)
    take(seat.session, make_person())
    switch_off(seat.attendee)
    assert round_of() == []

    switch_on(seat.attendee)
    assert [message.recipient for message in round_of()] == [seat.attendee]


def test_a_message_neither_counts_nor_reaches_somebody_who_is_switched_off():
    session = make_session()
    seat, gone = (take(session, make_person()) for _ in range(2))
    switch_off(gone.attendee)

    assert broadcasts.count_by_status(session) == {"CONFIRMED": 1}
    send(session)

    assert [mail.recipient for mail in written()] == [seat.attendee]


def test_a_yes_in_the_calendar_gives_no_seat_to_somebody_who_is_switched_off(party):
    _, seated, _ = party
    invite = invite_of(seated)
    post(outlook(invite, "DECLINED"))
    tick(LATER)
    Registration.objects.waiting().delete()
    Session.objects.update(capacity=5)
    switch_off(seated.attendee)

    post(outlook(invite, "ACCEPTED", stamp=5), now=LATER)

    assert status_of(seated) == Status.CANCELLED
    assert not Registration.objects.holding_a_seat().of(seated.attendee).exists()


def test_reinstate_does_not_bring_back_somebody_who_is_switched_off():
    session, actor = make_session(capacity=2), make_organizer()
    seat, gone = (take(session, make_person()) for _ in range(2))
    capacity.cancel_session(session_key=session.key, actor=actor, now=NOW)
    switch_off(gone.attendee)

    reinstatement.reinstate_session(session_key=session.key, actor=actor, now=NOW)

    assert statuses(seat, gone) == [Status.CONFIRMED, Status.CANCELLED]


def test_the_pages_of_organisers_offer_nothing_for_somebody_who_is_switched_off(client):
    session = full_session()
    gone, next_one = (take(session, make_person()) for _ in range(2))
    switch_off(gone.attendee)
    client.force_login(make_organizer())

    with at(session, days=-3):
        text = text_of(client.get(url("organize_session", session)))

    assert text.count("Account switched off") == 1
    assert str(next_one.key) in text
    assert str(gone.key) not in text


def test_the_door_does_not_find_somebody_who_waits_and_is_switched_off():
    waiting = take(full_session(), make_person())
    assert Registration.objects.filter(pk=waiting.pk).at_the_door().exists()

    switch_off(waiting.attendee)

    assert not Registration.objects.filter(pk=waiting.pk).at_the_door().exists()
