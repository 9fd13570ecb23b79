"""How readers stand to sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from events.models import Session
from registrations.enums import Status
from registrations.querysets import annotate_seats
from registrations.services.pages.standings import standings, with_a_seat
from tests.factories import NOW, make_person, make_session
from tests.registrations.support.mails import make_claim

if TYPE_CHECKING:
    from events.querysets import SessionQuerySet

pytestmark = pytest.mark.django_db


def test_sessions_keep_their_order_and_a_visitor_has_no_claim():
    rows = [make_session(), make_session()]
    make_claim(Status.CONFIRMED, session=rows[0])

    found = standings(sessions=rows[::-1], person=None, now=NOW)

    assert [each.session for each in found] == rows[::-1]
    assert [each.seats_free for each in found] == [2, 1]
    assert [each.registration for each in found] == [None, None]


def test_the_filter_of_free_seats_agrees_with_each_standing():
    free, full = make_session(), make_session(capacity=1)
    make_claim(Status.CONFIRMED, session=full)
    person = make_person()

    counted = cast("SessionQuerySet", annotate_seats(Session.objects.all(), NOW))
    found = set(with_a_seat(counted, person, NOW))

    assert found == {free}
    assert {row.session for row in standings(sessions=[free, full], person=person, now=NOW) if not row.is_full} == found
