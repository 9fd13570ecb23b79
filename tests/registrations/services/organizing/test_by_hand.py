from __future__ import annotations

from datetime import timedelta

import pytest

from events.services.refusals import UnableToChange
from project.outbox.models import Message
from registrations.enums import Action, Source, Status
from registrations.models import Registration, RegistrationLog
from registrations.services.attending import booking, colleagues, swaps, wishes
from registrations.services.organizing import by_hand
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_organizer, make_people, make_person, make_session

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
WHY = "She translates for the group."


@pytest.fixture
def actor():
    return make_organizer()


@pytest.fixture
def session():
    """One seat, held for students: nobody else gets it by waiting."""
    return held_session()


def held_session(**overrides):
    hold = {"held_seats": 1, "held_audiences": ("STUDENT",), "held_until": NOW + timedelta(days=5)}
    return make_session(capacity=1, **hold, **overrides)


def sign_up(session, person=None, now=NOW):
    return booking.sign_up(session_key=session.key, attendee=person or make_person(), now=now)


def seat(claim, actor, reason=WHY, now=LATER):
    return by_hand.seat(registration_key=claim.key, actor=actor, reason=reason, now=now)


def prioritize(claim, priority, actor, reason=WHY, now=LATER):
    return by_hand.prioritize(registration_key=claim.key, priority=priority, actor=actor, reason=reason, now=now)


def state():
    return [list(model.objects.order_by("pk").values()) for model in (Registration, RegistrationLog, Message)]


def test_seat_gives_a_held_seat_out_of_order(session, actor):
    first, second = sign_up(session), sign_up(session)

    seat(second, actor)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.source) == (Status.WAITLISTED, Status.CONFIRMED, Source.HAND)
    entry = second.log.last()
    assert (entry.action, entry.actor, entry.reason) == (Action.SEATED, actor, WHY)
    assert Message.objects.get(kind="registration-promoted").recipient == second.attendee


def test_seat_of_a_request_needs_no_approval_first(actor):
    session = make_session(event=make_event(needs_approval=True))
    claim = sign_up(session)

    seat(claim, actor)

    claim.refresh_from_db()
    assert claim.status == Status.CONFIRMED
    assert audit_seats(now=LATER) == {}


def test_seat_twice_is_once(session, actor):
    claim = sign_up(session)
    seat(claim, actor)
    before = state()

    seat(claim, actor)

    assert state() == before


def test_seat_of_an_offer_accepts_it_also_where_nothing_else_is_free(actor):
    session = make_session(capacity=1)
    seated, waiting = sign_up(session), sign_up(session)
    soon = session.starts_at - timedelta(hours=50)
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=soon)
    waiting.refresh_from_db()

    seat(waiting, actor, now=soon)

    assert waiting.status == Status.OFFERED
    waiting.refresh_from_db()
    assert (waiting.status, waiting.offer_expires_at) == (Status.CONFIRMED, None)
    assert audit_seats(now=soon) == {}


def test_seat_of_a_wish_to_swap_gives_up_the_other_seat(session, actor):
    other = make_session(event=session.event, capacity=1, starts_at=session.starts_at + timedelta(days=1))
    held = sign_up(other)
    waiting = sign_up(other)
    wish = swaps.swap(registration_key=held.key, session_key=session.key, attendee=held.attendee, now=NOW)

    seat(wish, actor)

    for claim in (wish, held, waiting):
        claim.refresh_from_db()
    assert (wish.status, held.status, waiting.status) == (Status.CONFIRMED, Status.CANCELLED, Status.CONFIRMED)
    assert audit_seats(now=LATER) == {}


def test_seat_ends_an_offer_on_another_date(session, actor):
    other = make_session(event=session.event, capacity=1, starts_at=NOW + timedelta(hours=50))
    seated, person = sign_up(other), make_person()
    wishes.wait(event_key=session.event.key, session_keys=[session.key, other.key], attendee=person, now=NOW)
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=NOW)
    offered = Registration.objects.get(status=Status.OFFERED)

    seat(Registration.objects.waiting().get(attendee=person), actor)

    offered.refresh_from_db()
    assert (offered.session, offered.status) == (other, Status.CANCELLED)
    assert Registration.objects.active().get(attendee=person).session == session
    assert audit_seats(now=LATER) == {}


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason-missing"),
        (" \n", "reason-missing"),
        ("\u200b\u202e", "reason-missing"),
        ("x" * 301, "reason-too-long"),
        ("Ill\x00", "unreadable"),
    ],
)
def test_seat_and_prioritize_want_a_reason(session, actor, reason, code):
    claim = sign_up(session)
    before = state()

    for verb in (lambda: seat(claim, actor, reason), lambda: prioritize(claim, 1, actor, reason)):
        with pytest.raises(UnableToChange) as refusal:
            verb()
        assert (refusal.value.code, refusal.value.field) == (code, "reason")
    assert state() == before


def test_seat_refuses_where_every_seat_is_taken(actor):
    session = make_session(capacity=1)
    sign_up(session)
    waiting = sign_up(session)
    before = state()

    with pytest.raises(UnableToChange, match="full"):
        seat(waiting, actor)

    assert state() == before


def test_seat_refuses_somebody_who_left_meanwhile(session, actor):
    claim = sign_up(session)
    booking.cancel(registration_key=claim.key, actor=claim.attendee, now=NOW)
    before = state()

    for verb in (lambda: seat(claim, actor), lambda: prioritize(claim, 1, actor)):
        with pytest.raises(UnableToChange, match="not-waiting"):
            verb()
    assert state() == before


def test_seat_refuses_after_the_start(session, actor):
    claim = sign_up(session)
    before = state()

    with pytest.raises(UnableToChange, match="started"):
        seat(claim, actor, now=session.starts_at)

    assert state() == before


def test_prioritize_changes_the_turn_and_keeps_the_moment(actor):
    session = make_session(capacity=1)
    seated, first, second = (sign_up(session) for _ in range(3))

    prioritize(second, -1, actor)

    moved = Registration.objects.get(pk=second.pk)
    assert list(Registration.objects.waiting().in_queue_order()) == [second, first]
    assert (moved.priority, moved.waitlisted_at) == (-1, second.waitlisted_at)
    assert moved.log.values_list("action", "reason").last() == (Action.PRIORITIZED, WHY)
    booking.cancel(registration_key=seated.key, actor=seated.attendee, now=LATER)
    assert Registration.objects.get(pk=second.pk).status == Status.CONFIRMED


def test_prioritize_counts_for_all_dates_of_the_slot_and_no_other(actor):
    session = make_session(capacity=0)
    sibling = make_session(event=session.event, capacity=0, starts_at=session.starts_at + timedelta(days=1))
    elsewhere = make_session(capacity=0)
    person = make_person()
    wishes.wait(event_key=session.event.key, session_keys=[session.key, sibling.key], attendee=person, now=NOW)
    sign_up(elsewhere, person)

    prioritize(Registration.objects.get(session=session), 5, actor)

    turns = dict(Registration.objects.values_list("session", "priority"))
    assert turns == {session.pk: 5, sibling.pk: 5, elsewhere.pk: 0}


def test_prioritize_twice_is_once(actor):
    claim = sign_up(make_session(capacity=0))
    prioritize(claim, 3, actor)
    before = state()

    prioritize(claim, 3, actor)

    assert state() == before


@pytest.mark.parametrize("priority", [-101, 101, 10**9])
def test_prioritize_refuses_a_number_that_is_none(actor, priority):
    claim = sign_up(make_session(capacity=0))
    before = state()

    with pytest.raises(UnableToChange) as refusal:
        prioritize(claim, priority, actor)

    assert (refusal.value.code, refusal.value.field) == ("priority", "priority")
    assert state() == before


@pytest.mark.parametrize("priority", [-100, 100])
def test_prioritize_takes_both_borders(actor, priority):
    claim = sign_up(make_session(capacity=0))

    assert prioritize(claim, priority, actor).priority == priority


@pytest.mark.parametrize("number", [1, 20])
def test_seat_costs_the_same_beside_one_and_many(actor, number, django_assert_num_queries):
    session = held_session()
    for person in make_people(number):
        sign_up(session, person)
    claim = sign_up(session)

    with django_assert_num_queries(19):
        seat(claim, actor)


def test_seat_refuses_a_second_seat_in_the_slot(session, actor):
    """No verb leads here, but a hand in the database can."""
    other = make_session(event=session.event, starts_at=session.starts_at + timedelta(days=1))
    held = sign_up(other)
    values = {"slot": session.slot, "created_at": NOW, "waitlisted_at": NOW}
    claim = Registration.objects.create(session=session, attendee=held.attendee, status=Status.WAITLISTED, **values)
    before = state()

    with pytest.raises(UnableToChange, match="slot-taken"):
        seat(claim, actor)

    assert state() == before


def test_seat_leaves_the_answer_to_a_colleague_who_was_asked_along(actor):
    """Nobody gets a seat, or an account that stays, by what two others do."""
    session, inviter = make_session(), make_person()
    sign_up(session, inviter)
    colleagues.invite(session_key=session.key, address="new.colleague@demo.example", inviter=inviter, now=NOW)
    asked = Registration.objects.get(status=Status.OFFERED)
    before = state()

    with pytest.raises(UnableToChange, match="invited"):
        seat(asked, actor)

    assert state() == before
