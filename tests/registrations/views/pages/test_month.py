from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.html import strip_tags

from events.enums import EventKind, EventStatus
from tests.factories import make_event, make_person, make_session

pytestmark = pytest.mark.django_db

SATURDAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(SATURDAY, tick=False):
        yield


def date(day: datetime, **values):
    return make_session(starts_at=day, ends_at=day + timedelta(hours=2), **values)


def words(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def test_this_month_leads_to_the_month_and_keeps_the_filters(client):
    assert client.get("/calendar/?language=en").headers["Location"] == "/calendar/2026-11/?language=en"


def test_a_month_shows_its_dates_in_weeks_from_monday(client):
    first, last = date(datetime(2026, 12, 1, 9, tzinfo=UTC)), date(datetime(2026, 12, 31, 22, 30, tzinfo=UTC))
    others = [date(datetime(2026, 11, 30, 9, tzinfo=UTC)), date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))]

    page = client.get("/calendar/2026-12/").content.decode()

    assert re.findall(r"</span>(\d+)</th>", page) == ["49", "50", "51", "52", "53"]
    assert all(shown.get_absolute_url() in page for shown in (first, last))
    assert not any(other.get_absolute_url() in page for other in others)


def test_past_dates_of_the_month_are_there_and_today_is_marked(client):
    past = date(datetime(2026, 11, 2, 9, tzinfo=UTC))

    page = client.get("/calendar/2026-11/").content.decode()

    assert past.get_absolute_url() in page
    assert page.count('aria-current="date"') == 1


def test_filters_narrow_a_month_as_they_do_the_list(client):
    training = date(datetime(2026, 12, 1, 9, tzinfo=UTC), event=make_event(kind=EventKind.TRAINING))
    workshop = date(datetime(2026, 12, 2, 9, tzinfo=UTC), event=make_event(kind=EventKind.WORKSHOP))

    response = client.get("/calendar/2026-12/?kind=TRAINING")

    page = response.content.decode()
    assert training.get_absolute_url() in page
    assert workshop.get_absolute_url() not in page
    assert 'href="/calendar/2027-01/?kind=TRAINING" rel="next"' in page
    assert 'href="/calendar/2026-11/?kind=TRAINING" rel="prev"' in page


def test_an_empty_month_says_so(client):
    assert "Nothing is planned in this month." in words(client.get("/calendar/2026-12/"))
    assert "Nothing in this month fits these filters." in words(client.get("/calendar/2026-12/?free=1"))


def test_hidden_dates_are_not_there(client):
    hidden = [
        date(datetime(2026, 12, 1, 9, tzinfo=UTC), is_unlisted=True),
        date(datetime(2026, 12, 1, 9, tzinfo=UTC), event=make_event(status=EventStatus.DRAFT)),
    ]

    page = client.get("/calendar/2026-12/").content.decode()

    assert not any(session.get_absolute_url() in page for session in hidden)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "1999-12", "9999-01", "0000-01"])
def test_a_month_that_nobody_could_mean_is_not_found(client, month):
    assert client.get(f"/calendar/{month}/").status_code == 404


def test_a_month_costs_the_same_for_one_date_and_for_thirty(client, django_assert_max_num_queries):
    client.force_login(make_person())
    for number in range(30):
        date(datetime(2026, 12, 1 + number, 9, tzinfo=UTC))

    with django_assert_max_num_queries(6):
        client.get("/calendar/2026-12/")
