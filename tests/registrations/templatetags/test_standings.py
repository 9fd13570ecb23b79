from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template import RequestContext
from django.test import RequestFactory

from events.enums import SessionLanguage
from project.accounts.enums import Audience
from registrations.querysets import annotate_seats
from registrations.rules import standing
from registrations.templatetags import standings
from tests.factories import NOW, make_event, make_session

pytestmark = pytest.mark.django_db


def reading(path: str = "/", **values: Any) -> RequestContext:
    request = RequestFactory().get(path)
    return RequestContext(request, values | {"request": request})


@pytest.mark.parametrize(
    ("audiences", "units", "expected"),
    [
        ((), (), "everyone"),
        ((Audience.MANAGER,), (), "managers"),
        ((), ("abe", "me"), "everyone at ABE and Mechanical Engineering"),
        ((Audience.PHD, Audience.STUDENT), ("me",), "PhD candidates and students at Mechanical Engineering"),
    ],
)
def test_for_whom_spells_the_rule_out(audiences: tuple[str, ...], units: tuple[str, ...], expected: str) -> None:
    session = make_session(event=make_event(audiences=audiences, units=units))
    context = reading(unit_names={"me": "Mechanical Engineering"})

    assert standings.for_whom(context, session) == expected
    assert standings.for_whom(context, session.event) == expected
    assert standings.is_restricted(session) == (expected != "everyone")


@pytest.mark.parametrize(
    ("minutes", "expected"), [(180, "3 hours"), (60, "1 hour"), (90, "1 hour and 30 minutes"), (45, "45 minutes")]
)
def test_duration_is_said_as_people_do(minutes: int, expected: str) -> None:
    session = make_session(starts_at=NOW, ends_at=NOW + timedelta(minutes=minutes))

    assert standings.duration(session) == expected


def test_languages_are_those_of_all_dates_together() -> None:
    event = make_event()
    spoken = (SessionLanguage.DUTCH, SessionLanguage.BOTH, SessionLanguage.DUTCH)
    for language in spoken:
        make_session(event=event, language=language)

    rows = [standing(session, None, [], NOW) for session in annotate_seats(event.sessions.all(), NOW)]

    assert standings.languages(rows) == "English and Dutch"


def test_a_refusal_has_a_sentence_and_a_short_form() -> None:
    assert standings.refusal_text("closed") == "Signing up is closed."
    assert standings.short_refusal("closed") == "Closed"


def test_an_unknown_refusal_stays_silent() -> None:
    assert standings.refusal_text("no-such-code") == ""
    assert standings.short_refusal("no-such-code") == ""


def rows_of(event):
    return [standing(session, None, [], NOW) for session in annotate_seats(event.sessions.all(), NOW)]


def test_durations_say_the_shortest_and_the_longest() -> None:
    event = make_event()
    make_session(event=event, starts_at=NOW, ends_at=NOW + timedelta(hours=3))
    assert standings.durations(rows_of(event)) == "3 hours"

    make_session(event=event, starts_at=NOW, ends_at=NOW + timedelta(hours=2))

    assert standings.durations(rows_of(event)) == "2 hours to 3 hours"


def test_the_rounds_of_one_afternoon_are_one_day() -> None:
    event = make_event()
    make_session(event=event, starts_at=NOW, ends_at=NOW + timedelta(minutes=90))
    make_session(event=event, starts_at=NOW + timedelta(hours=2), ends_at=NOW + timedelta(hours=4))
    assert 'Monday 2 March, <span class="nowrap">10:00–14:00</span>' in standings.as_one_day(rows_of(event))

    make_session(event=event, starts_at=NOW + timedelta(days=1))

    assert standings.as_one_day(rows_of(event)) == ""


def test_facts_leave_out_for_whom_where_it_was_said() -> None:
    session = make_session(audiences=(Audience.MANAGER,))

    assert standings.facts(reading(), session).endswith("For managers")
    assert standings.facts(reading(), session, names_whom=False).endswith("English")
