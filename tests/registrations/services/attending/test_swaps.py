from __future__ import annotations

from datetime import timedelta

import pytest

from events.models import Session
from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Invite, Registration
from registrations.services.attending import booking, offers, swaps, wishes
from registrations.services.door import attendance
from registrations.services.refusals import UnableToRegister
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.seats.offered import SOON, TWO_DAYS, everything, full_session, take, two_dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    """A seat on the first date of an event."""
    return take(make_session(starts_at=NOW + timedelta(days=8)), make_person())


def other_date(claim, **overrides):
    return make_session(event=claim.session.event, starts_at=NOW + timedelta(days=12), **overrides)


def swap(claim, session, now=NOW):
    keys = {"registration_key": claim.key, "session_key": session.key}
    return swaps.swap(**keys, attendee=claim.attendee, now=now)


def actions(claim):
    return list(claim.log.values_list("action", flat=True))


def test_swap_to_a_free_seat_moves_at_once_with_the_same_calendar_entry(mine):
    uid = Invite.objects.get(registration=mine).uid

    there = swap(mine, other_date(mine))

    mine.refresh_from_db()
    entry = Invite.objects.get(uid=uid)
    assert (mine.status, there.status) == (Status.CANCELLED, Status.CONFIRMED)
    assert (entry.registration_id, entry.sequence, entry.state) == (there.pk, 1, "ACTIVE")
    assert (actions(mine), actions(there)) == (["CONFIRMED", "SWAPPED_AWAY"], ["SWAPPED_HERE"])
    mail = Message.objects.latest("pk")
    assert (mail.kind, mail.thread, mail.facts["invite"]["sequence"]) == ("registration-swapped", uid, 1)
    assert mail.facts["was"]["starts_at"] == mine.session.starts_at.isoformat()
    assert audit_seats(now=NOW) == {}


def test_swap_gives_the_old_seat_to_somebody_who_waits_for_it():
    event = make_event()
    here = make_session(event=event, capacity=1)
    mine, waiting = take(here, make_person()), take(here, make_person())

    swap(mine, other_date(mine))

    waiting.refresh_from_db()
    assert waiting.status == Status.CONFIRMED


def test_swap_to_a_full_date_waits_and_keeps_the_seat(mine):
    full = other_date(mine, capacity=0)

    there = swap(mine, full)

    mine.refresh_from_db()
    assert (mine.status, there.status, there.replaces_id) == (Status.CONFIRMED, Status.WAITLISTED, mine.pk)
    assert actions(there) == ["SWAP_WANTED"]
    assert audit_seats(now=NOW) == {}


def test_swap_twice_is_once(mine):
    there = other_date(mine)
    swap(mine, there)
    before = everything()

    swap(mine, there)

    assert everything() == before


def test_swap_to_a_full_date_twice_is_once(mine):
    full = other_date(mine, capacity=0)
    swap(mine, full)
    before = everything()

    swap(mine, full)

    assert everything() == before


def test_two_people_who_want_each_others_seat_are_exchanged_before_others_who_wait():
    one, other = two_dates()
    queueing = take(one, make_person())
    ann, bob = (Registration.objects.get(session=date, status=Status.CONFIRMED) for date in (one, other))
    swap(ann, other)

    there = swap(bob, one)

    seats = dict(Registration.objects.holding_a_seat().values_list("attendee", "session"))
    queueing.refresh_from_db()
    assert seats == {ann.attendee_id: other.pk, bob.attendee_id: one.pk}
    assert actions(there) == ["SWAP_WANTED", "EXCHANGED"]
    assert queueing.status == Status.WAITLISTED
    assert set(Invite.objects.filter(state="ACTIVE").values_list("sequence", flat=True)) == {1}
    assert audit_seats(now=NOW) == {}


def test_somebody_who_gives_back_the_seat_goes_on_waiting_with_the_same_moment(mine):
    there = swap(mine, other_date(mine, capacity=0))
    joined = there.waitlisted_at

    booking.cancel(registration_key=mine.key, actor=mine.attendee, now=NOW + timedelta(hours=1))

    there.refresh_from_db()
    assert (there.status, there.replaces_id, there.waitlisted_at) == (Status.WAITLISTED, None, joined)
    assert audit_seats(now=NOW) == {}


def refused(claim, session, code, now=NOW):
    before = everything()
    with pytest.raises(UnableToRegister) as refusal:
        swap(claim, session, now)
    assert refusal.value.code == code
    assert everything() == before


def test_swap_to_a_date_of_something_else_is_refused(mine):
    refused(mine, make_session(), "another-slot")


def test_swap_of_a_seat_that_was_given_back_is_refused(mine):
    booking.cancel(registration_key=mine.key, actor=mine.attendee, now=NOW)
    claim = Registration.objects.get(pk=mine.pk)

    before = everything()
    with pytest.raises(UnableToRegister):
        swap(claim, other_date(mine))
    assert everything() == before


def test_swap_of_a_seat_on_a_date_that_has_begun_is_refused(mine):
    refused(mine, other_date(mine), "started", now=mine.session.starts_at)


def test_swap_to_a_date_that_has_begun_is_refused():
    mine = take(make_session(starts_at=NOW + timedelta(days=20)), make_person())
    there = make_session(event=mine.session.event, starts_at=NOW + timedelta(days=1))

    refused(mine, there, "started", now=there.starts_at)


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"audiences": (Audience.STUDENT,)}, "not-eligible"),
        ({"opens_at": NOW + timedelta(days=1)}, "not-open-yet"),
        ({"closes_at": NOW}, "closed"),
        ({"status": "CANCELLED"}, "cancelled"),
        ({"capacity": 0, "has_waiting_list": False}, "full-no-waitlist"),
        ({"is_unlisted": True}, "not-published"),
    ],
)
def test_swap_is_refused_as_a_sign_up_would_be(mine, overrides, code):
    refused(mine, other_date(mine, **overrides), code)


def test_a_wish_to_swap_ends_with_the_seat_that_another_date_gives(mine):
    wanted = [other_date(mine, capacity=0) for _ in range(2)]
    keys = {session.key for session in wanted}
    wishes.wait(event_key=mine.session.event.key, session_keys=keys, attendee=mine.attendee, now=NOW)

    swap(mine, make_session(event=mine.session.event, starts_at=NOW + timedelta(days=14)))

    assert set(Registration.objects.filter(session__in=wanted).values_list("status", flat=True)) == {Status.CANCELLED}
    assert audit_seats(now=NOW) == {}


def undo(claim, now=NOW + timedelta(minutes=2)):
    return swaps.undo(registration_key=claim.key, attendee=claim.attendee, now=now)


def test_undo_of_a_swap_moves_the_seat_and_its_calendar_entry_back(mine):
    uid = Invite.objects.get(registration=mine).uid
    there = swap(mine, other_date(mine))
    told = Message.objects.count()

    back = undo(there)

    there.refresh_from_db()
    entry = Invite.objects.get(uid=uid)
    assert (there.status, back.status, back.session) == (Status.CANCELLED, Status.CONFIRMED, mine.session)
    assert (entry.registration_id, entry.sequence, entry.state) == (back.pk, 2, "ACTIVE")
    assert Invite.objects.count() == 1
    mail = Message.objects.latest("pk")
    assert (Message.objects.count(), mail.kind) == (told + 1, "registration-swapped")
    assert mail.facts["was"]["starts_at"] == there.session.starts_at.isoformat()
    assert audit_seats(now=NOW) == {}


def test_undo_of_a_swap_twice_is_once(mine):
    there = swap(mine, other_date(mine))
    back = undo(there)
    before = everything()

    assert undo(there) == back
    assert everything() == before


def test_undo_of_a_swap_is_refused_when_the_old_seat_is_gone():
    event = make_event()
    here = make_session(event=event, capacity=1)
    mine, _waiting = take(here, make_person()), take(here, make_person())
    there = swap(mine, other_date(mine))
    before = everything()

    with pytest.raises(UnableToRegister) as refused:
        undo(there)

    assert refused.value.code == "seat-gone"
    assert everything() == before


def test_undo_of_a_swap_gives_the_left_date_to_somebody_who_waits_there():
    event = make_event()
    mine = take(make_session(event=event, capacity=1), make_person())
    there = swap(mine, other_date(mine, capacity=1))
    waiting = take(there.session, make_person())

    undo(there)

    waiting.refresh_from_db()
    assert waiting.status == Status.CONFIRMED
    assert audit_seats(now=NOW) == {}


def test_undo_of_a_swap_takes_the_place_of_a_wish_for_the_old_date():
    event = make_event()
    here = make_session(event=event, capacity=1, starts_at=SOON)
    mine = take(here, make_person())
    there = swap(mine, other_date(mine))
    guest = take(here, make_person())
    wish = wishes.wait_for(session_key=here.key, attendee=mine.attendee, now=NOW)
    booking.cancel(registration_key=guest.key, actor=guest.attendee, now=NOW)

    back = undo(there)

    assert (back, back.status, back.replaces) == (wish, Status.CONFIRMED, None)
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "CANCELLED"}, "cancelled"),
        ({"starts_at": NOW}, "started"),
        ({"capacity": 0}, "seat-gone"),
        ({"closes_at": NOW}, "closed"),
    ],
)
def test_undo_of_a_swap_is_refused_when_the_old_date_takes_nobody(mine, change, code):
    there = swap(mine, other_date(mine))
    Session.objects.filter(pk=mine.session_id).update(**change)
    before = everything()

    with pytest.raises(UnableToRegister) as refused:
        undo(there)

    assert refused.value.code == code
    assert everything() == before


def test_undo_of_a_swap_is_refused_to_somebody_who_has_walked_in_on_the_old_date():
    start = NOW + timedelta(minutes=20)
    old = make_session(capacity=1, starts_at=start)
    seat = booking.sign_up(session_key=old.key, attendee=make_person(), now=NOW)
    moved = swap(seat, other_date(seat))
    inside = attendance.walk_in(session_key=old.key, address=seat.attendee.email, actor=make_person(), now=NOW)

    assert undo_refusal(moved) == "expired"

    inside.refresh_from_db()
    moved.refresh_from_db()
    assert (inside.is_walk_in, inside.has_attended, moved.status) == (True, True, Status.CONFIRMED)


def test_undo_of_a_swap_is_refused_after_a_quarter_of_an_hour_and_where_nothing_was_moved(mine):
    plain = undo_refusal(mine)
    there = swap(mine, other_date(mine))

    assert (plain, undo_refusal(there, now=NOW + timedelta(minutes=15, seconds=1))) == ("expired", "expired")
    assert undo_refusal(mine) == "expired"


def undo_refusal(claim, **when):
    before = everything()
    with pytest.raises(UnableToRegister) as refused:
        undo(claim, **when)
    assert everything() == before
    return refused.value.code


def test_undo_after_accepting_an_offer_that_replaced_a_seat_moves_back(mine):
    offered = _offered_instead_of(mine)
    offers.accept_offer(registration_key=offered.key, actor=mine.attendee, now=NOW)
    offered.refresh_from_db()

    back = undo(offered)

    assert (back.session, back.status) == (mine.session, Status.CONFIRMED)
    assert audit_seats(now=NOW) == {}


def _offered_instead_of(mine):
    """A seat came free on a date so near that it is offered, to somebody who has one on another date."""
    near = full_session(event=mine.session.event, starts_at=TWO_DAYS)
    wish = wishes.wait_for(session_key=near.key, attendee=mine.attendee, now=NOW)
    seat = Registration.objects.exclude(attendee=mine.attendee).get(session=near)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    wish.refresh_from_db()
    assert wish.status == Status.OFFERED
    return wish
