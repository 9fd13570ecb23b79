"""Which changes of the schedule wait until the organiser sends them (specs/calendar.md 3.11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import EventStatus, SeatScope
from registrations.rules.schedules import LATEST, collected_until, collects_changes, may_wait
from tests.factories import NOW, make_event

pytestmark = pytest.mark.django_db
START = NOW + timedelta(days=10)


@pytest.mark.parametrize(
    ("scope", "status", "collects"),
    [
        (SeatScope.ROUND, EventStatus.PUBLISHED, True),
        (SeatScope.ROUND, EventStatus.UNLISTED, True),
        (SeatScope.ROUND, EventStatus.DRAFT, False),
        (SeatScope.EVENT, EventStatus.PUBLISHED, False),
        (SeatScope.SESSION, EventStatus.PUBLISHED, False),
    ],
)
def test_only_a_conference_whose_programme_is_out_collects_changes(scope, status, collects):
    event = make_event(seat_scope=scope, status=status)

    assert collects_changes(event) == collects
    assert collected_until(event, starts_at=START, now=NOW) == (START - LATEST if collects else None)


def test_a_change_goes_by_itself_a_day_before_the_start_at_the_latest():
    event = make_event(seat_scope=SeatScope.ROUND)

    assert collected_until(event, starts_at=START, now=START - LATEST - timedelta(seconds=1)) == START - LATEST
    assert collected_until(event, starts_at=START, now=START - LATEST) is None


@pytest.mark.parametrize(("seconds", "waits"), [(0, False), (600, True)])
def test_elsewhere_a_change_waits_as_long_as_mails_are_merged(settings, seconds, waits):
    settings.MAIL_MERGE_SECONDS = seconds

    assert may_wait(make_event()) == waits
    assert may_wait(make_event(seat_scope=SeatScope.ROUND))
