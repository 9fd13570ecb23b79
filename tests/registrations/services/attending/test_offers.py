from __future__ import annotations

from datetime import timedelta

import pytest

from project.outbox.models import Message
from registrations.enums import Status
from registrations.models import Invite, Registration
from registrations.services.attending import booking, offers, wishes
from registrations.services.refusals import UnableToRegister
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.seats.offered import TWO_DAYS, everything, full_session, offer_to, take

pytestmark = pytest.mark.django_db


def answer(verb, claim, now=NOW):
    return verb(registration_key=claim.key, actor=claim.attendee, now=now)


def actions(claim):
    return list(claim.log.values_list("action", flat=True))


def kinds(person):
    return list(Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def offered():
    return offer_to(make_person())


@pytest.fixture
def wishing():
    """Somebody with an offer on the earlier date, who waits for the later one as well."""
    event = make_event()
    person = make_person()
    early, late = (full_session(event=event, starts_at=TWO_DAYS + timedelta(hours=hours)) for hours in (0, 1))
    wishes.wait(event_key=event.key, session_keys={early.key, late.key}, attendee=person, now=NOW)
    seat = Registration.objects.get(session=early, status=Status.CONFIRMED)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    return Registration.objects.get(session=early, attendee=person), Registration.objects.get(
        session=late, attendee=person
    )


def test_accept_turns_the_offer_into_a_seat_with_a_calendar_entry(offered):
    seat = answer(offers.accept_offer, offered)

    assert (seat.status, seat.offer_expires_at) == (Status.CONFIRMED, None)
    assert actions(offered) == ["WAITLISTED", "OFFERED", "ACCEPTED"]
    assert Invite.objects.get(registration=offered).sequence == 0
    assert kinds(offered.attendee) == ["registration-waitlisted", "registration-offered", "registration-confirmed"]
    assert audit_seats(now=NOW) == {}


def test_accept_twice_is_once(offered):
    answer(offers.accept_offer, offered)
    before = everything()

    answer(offers.accept_offer, offered)

    assert everything() == before


def test_sign_up_accepts_an_own_offer(offered):
    seat = booking.sign_up(session_key=offered.session.key, attendee=offered.attendee, now=NOW)

    assert (seat.pk, seat.status) == (offered.pk, Status.CONFIRMED)


def test_accept_after_the_end_of_the_offer_is_refused(offered):
    before = everything()

    with pytest.raises(UnableToRegister, match="expired"):
        answer(offers.accept_offer, offered, offered.offer_expires_at)

    assert everything() == before


def test_accept_where_nothing_is_offered_is_refused():
    waiting = take(full_session(), make_person())
    before = everything()

    with pytest.raises(UnableToRegister, match="expired"):
        answer(offers.accept_offer, waiting)

    assert everything() == before


def test_accept_ends_the_other_wishes(wishing):
    offered, other = wishing

    answer(offers.accept_offer, offered)

    other.refresh_from_db()
    assert other.status == Status.CANCELLED
    assert actions(other) == ["WAITLISTED", "SUPERSEDED"]
    assert audit_seats(now=NOW) == {}


def test_an_open_offer_lets_the_other_wishes_rest(wishing):
    _, other = wishing
    seat = Registration.objects.get(session=other.session, status=Status.CONFIRMED)

    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    other.refresh_from_db()
    assert other.status == Status.WAITLISTED


def test_decline_removes_only_that_date_and_the_others_go_on_with_their_moment(wishing):
    offered, other = wishing
    joined = other.waitlisted_at
    seat = Registration.objects.get(session=other.session, status=Status.CONFIRMED)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)

    answer(offers.decline_offer, offered)

    other.refresh_from_db()
    assert Registration.objects.get(pk=offered.pk).status == Status.CANCELLED
    assert (other.status, other.waitlisted_at) == (Status.OFFERED, joined)
    assert audit_seats(now=NOW) == {}


def test_decline_gives_the_seat_to_the_next():
    session = full_session(starts_at=TWO_DAYS)
    first = offer_to(make_person(), session=session)
    next_ = take(session, make_person())

    answer(offers.decline_offer, first)

    next_.refresh_from_db()
    assert next_.status == Status.OFFERED


def test_decline_twice_is_once(offered):
    answer(offers.decline_offer, offered)
    before = everything()

    answer(offers.decline_offer, offered)

    assert everything() == before


def test_decline_after_the_offer_ran_out_changes_nothing_more(offered):
    waitlist.settle_event(event_id=offered.session.event_id, now=offered.offer_expires_at)
    before = everything()

    answer(offers.decline_offer, offered, offered.offer_expires_at)

    assert everything() == before


def test_decline_of_an_accepted_offer_is_refused(offered):
    answer(offers.accept_offer, offered)
    before = everything()

    with pytest.raises(UnableToRegister, match="expired"):
        answer(offers.decline_offer, offered)

    assert everything() == before


def test_an_offer_that_ran_out_goes_to_the_next_and_is_told():
    session = full_session(starts_at=TWO_DAYS)
    first = offer_to(make_person(), session=session)
    next_ = take(session, make_person())

    waitlist.settle_event(event_id=session.event_id, now=first.offer_expires_at)

    assert actions(first)[-1] == "EXPIRED"
    assert kinds(first.attendee)[-1] == "offer-expired"
    next_.refresh_from_db()
    assert next_.status in {Status.OFFERED, Status.WAITLISTED}
    assert audit_seats(now=first.offer_expires_at) == {}


def test_accept_of_a_swap_cancels_the_old_seat_and_keeps_the_calendar_entry():
    event, person = make_event(), make_person()
    mine = take(make_session(event=event), person)
    uid = Invite.objects.get(registration=mine).uid
    wanted = full_session(event=event, starts_at=TWO_DAYS)
    wishes.wait_for(session_key=wanted.key, attendee=person, now=NOW)
    seat = Registration.objects.exclude(attendee=person).get(session=wanted)
    booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    offered = Registration.objects.get(session=wanted, attendee=person)

    answer(offers.accept_offer, offered)

    mine.refresh_from_db()
    entry = Invite.objects.get(uid=uid)
    assert mine.status == Status.CANCELLED
    assert (entry.registration_id, entry.sequence, entry.state) == (offered.pk, 1, "ACTIVE")
    assert audit_seats(now=NOW) == {}
