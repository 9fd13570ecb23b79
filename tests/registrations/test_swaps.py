from __future__ import annotations

from datetime import timedelta

import pytest

from project.accounts.enums import Audience
from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Invite, Registration
from registrations.services import booking, swaps, wishes
from registrations.services.audit import audit_seats
from registrations.services.refusals import UnableToRegister
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.offered import everything, take, two_dates

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


def test_swap_gives_the_old_seat_to_who_waits_for_it():
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


def test_two_who_want_each_others_seat_are_exchanged_before_who_waits():
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


def test_who_gives_back_the_seat_goes_on_waiting_with_the_same_moment(mine):
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
