"""What the verbs write about claims, for one person or for a hundred."""

from __future__ import annotations

import cProfile
import pstats
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Session
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.services.attending import wishes
from registrations.services.seats import claims
from tests.factories import NOW, make_event, make_session
from tests.registrations.support.screens import fill

pytestmark = pytest.mark.django_db


def make_swaps(number):
    """So many people who have a seat and wish to move; with all in hand that `seat` asks for."""
    event = make_event()
    early, late = make_session(event=event, capacity=0), make_session(event=event, capacity=number)
    for seat in fill(late, number):
        wishes.wait_for(session_key=early.key, attendee=seat.attendee, now=NOW)
    Session.objects.filter(pk=early.pk).update(capacity=number)
    related = ("attendee", "session__event", "session__venue", "replaces__session__venue", "replaces__attendee")
    rows = Registration.objects.waiting().filter(session=early).select_related(*related)
    return list(rows.order_by("pk"))


def work_of_seating(number):
    """The statements, and how often a primary key was asked for: it grows with the people, not with their square."""
    swaps, profile = make_swaps(number), cProfile.Profile()
    with CaptureQueriesContext(connection) as statements:
        profile.runcall(claims.seat, swaps, action=Action.PROMOTED, actor=None, now=NOW)
    assert Registration.objects.filter(pk__in=[swap.pk for swap in swaps], status=Status.CONFIRMED).count() == number
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # the stubs leave it out
    keys = sum(calls for (_, _, name), (_, calls, *_) in stats.items() if name == "_get_pk_val")
    return len(statements), keys


@pytest.mark.postgresql
def test_seat_costs_in_proportion_to_the_people():
    """SQLite takes fewer parameters at once, so a hundred rows are two statements there."""
    (few_statements, few), (many_statements, many) = work_of_seating(10), work_of_seating(100)

    assert many_statements == few_statements
    assert many <= 11 * few
