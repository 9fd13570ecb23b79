"""How many people a room must hold."""

from __future__ import annotations

import pytest

from registrations.enums import Source, Status
from registrations.services.seats.room import people_expected
from tests.factories import NOW, make_session
from tests.registrations.support.mails import make_claim, make_offer

pytestmark = pytest.mark.django_db


def test_people_with_a_seat_or_an_open_offer_are_expected():
    session = make_session()
    make_claim(Status.CONFIRMED, session=session)
    offer = make_offer(session=session)
    make_claim(Status.WAITLISTED, session=session)
    make_claim(Status.CANCELLED, session=session)
    make_claim(Status.CONFIRMED)

    assert people_expected(session, NOW) == 2
    assert people_expected(session, offer.offer_expires_at) == 1


def test_somebody_who_walked_in_without_a_seat_is_expected_too():
    session = make_session(capacity=1)
    make_claim(Status.CONFIRMED, session=session)
    make_claim(Status.CONFIRMED, session=session, source=Source.WALK_IN)

    assert people_expected(session, NOW) == 2
