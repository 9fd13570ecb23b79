"""What the pages list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import EventStatus
from registrations.services.pages import catalogue
from tests.factories import NOW, make_event, make_person, make_session

pytestmark = pytest.mark.django_db


def test_a_page_has_one_row_more_where_there_are_more(monkeypatch):
    monkeypatch.setattr(catalogue, "PAGE_SIZE", 2)
    rows = [make_session(starts_at=NOW + timedelta(days=day)) for day in range(1, 6)]

    first, second, third = (
        catalogue.page_of(catalogue.upcoming(NOW), page=page, person=None, now=NOW) for page in (1, 2, 3)
    )

    assert (first, second, third) == (rows[:3], rows[2:5], rows[4:])


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_first_page_is_that_of_nothing_narrowed(is_signed_in):
    later, sooner = make_session(starts_at=NOW + timedelta(days=9)), make_session(starts_at=NOW + timedelta(days=2))
    make_session(starts_at=NOW - timedelta(days=2))

    assert catalogue.first_page(person=make_person() if is_signed_in else None, now=NOW) == [sooner, later]


def test_an_event_is_found_by_its_address_unless_it_is_a_draft():
    unlisted, secret = make_event(status=EventStatus.UNLISTED), make_event(status=EventStatus.DRAFT)

    assert catalogue.event(unlisted.slug) == unlisted
    assert catalogue.event(secret.slug) is None


def test_dates_share_the_event_that_was_read():
    event = make_event()
    date = make_session(event=event)
    make_session(event=event, starts_at=NOW - timedelta(days=2))
    make_session(event=event, is_unlisted=True)

    [found] = catalogue.dates(event=event, person=None, now=NOW)

    assert found == date
    assert found.event is event
