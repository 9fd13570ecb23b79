"""A seat is deleted while its holder waits for another one, or is offered it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registrations.enums import Status
from registrations.models import Registration
from registrations.services.attending import booking, offers, wishes
from registrations.services.seats import waitlist
from registrations.services.seats.audit import audit_seats
from tests.factories import NOW, make_event, make_people, make_person, make_session
from tests.registrations.support.seats.offered import TWO_DAYS, take

pytestmark = pytest.mark.django_db


def make_offers_of_a_swap(number=1):
    """So many people have a seat, and are offered one on another date instead; each with both, the seat first."""
    event = make_event()
    early, late = (make_session(event=event, capacity=number, starts_at=TWO_DAYS + timedelta(days=d)) for d in (0, 9))
    full = [take(early, person) for person in make_people(number)]
    seats = [take(late, person) for person in make_people(number)]
    wanted = [wishes.wait_for(session_key=early.key, attendee=seat.attendee, now=NOW) for seat in seats]
    for seat in full:
        booking.cancel(registration_key=seat.key, actor=seat.attendee, now=NOW)
    for wish in wanted:
        wish.refresh_from_db()
        assert wish.is_offered
        assert wish.replaces is not None
    return list(zip(seats, wanted, strict=True))


def test_delete_a_seat_leaves_the_offer_alone_and_good():
    [(seat, offer)] = make_offers_of_a_swap()

    seat.delete()

    offer.refresh_from_db()
    assert (offer.status, offer.replaces, offer.fills_slot) == (Status.OFFERED, None, True)
    assert audit_seats(now=NOW) == {}
    offers.accept_offer(registration_key=offer.key, actor=offer.attendee, now=NOW)
    assert audit_seats(now=NOW) == {}


def test_delete_an_offer_leaves_the_seat():
    [(seat, offer)] = make_offers_of_a_swap()

    offer.delete()

    seat.refresh_from_db()
    assert (seat.status, seat.fills_slot) == (Status.CONFIRMED, True)
    assert audit_seats(now=NOW) == {}


@pytest.mark.parametrize("number", [1, 5])
def test_delete_all_at_once(number):
    make_offers_of_a_swap(number)

    Registration.objects.filter(status__in=[Status.CONFIRMED, Status.OFFERED]).delete()

    assert not Registration.objects.active().exists()


def test_delete_many_seats_leaves_their_offers(django_assert_max_num_queries):
    pairs = make_offers_of_a_swap(5)

    with django_assert_max_num_queries(12):
        Registration.objects.filter(pk__in=[seat.pk for seat, _ in pairs]).delete()

    left = Registration.objects.active()
    assert [(claim.status, claim.replaces_id, claim.fills_slot) for claim in left] == [(Status.OFFERED, None, True)] * 5
    assert audit_seats(now=NOW) == {}


def test_delete_a_person_takes_both():
    [(seat, _)] = make_offers_of_a_swap()

    seat.attendee.delete()

    assert not Registration.objects.active().exists()


def test_delete_a_date_leaves_the_offer_on_the_other():
    [(seat, offer)] = make_offers_of_a_swap()

    seat.session.delete()

    offer.refresh_from_db()
    assert (offer.status, offer.replaces) == (Status.OFFERED, None)


def test_delete_a_seat_leaves_a_wish_alone():
    event = make_event()
    seat, full = take(make_session(event=event), make_person()), make_session(event=event, capacity=0)
    wish = wishes.wait_for(session_key=full.key, attendee=seat.attendee, now=NOW)
    assert wish.replaces == seat

    seat.delete()

    wish.refresh_from_db()
    assert (wish.status, wish.replaces) == (Status.WAITLISTED, None)
    waitlist.settle_event(event_id=event.pk, now=NOW)
    assert audit_seats(now=NOW) == {}
