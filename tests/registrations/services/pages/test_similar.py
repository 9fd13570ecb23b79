from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.enums import EventKind
from project.accounts.enums import Audience
from registrations.enums import Status
from registrations.services.pages.similar import similar
from tests.factories import NOW, make_event, make_person, make_session
from tests.registrations.support.mails import make_claim

pytestmark = pytest.mark.django_db


def found(event, person=None):
    return [row.session for row in similar(event=event, person=person, now=NOW)]


def test_up_to_three_events_of_the_same_kind_come_first_each_with_its_nearest_date():
    event = make_event(kind=EventKind.TRAINING)
    other_kind = make_session(starts_at=NOW + timedelta(days=1))
    same_kind = make_session(event=make_event(kind=EventKind.TRAINING))
    make_session(event=same_kind.event, starts_at=NOW + timedelta(days=20))
    later = [make_session(starts_at=NOW + timedelta(days=days)) for days in (2, 3)]

    assert found(event) == [same_kind, other_kind, later[0]]


def test_only_where_this_reader_could_have_a_seat():
    full = make_session(capacity=1)
    make_claim(Status.CONFIRMED, session=full)
    for_managers = make_session(audiences=(Audience.MANAGER,))
    make_session(event=make_event(is_discreet=True))
    make_session(is_unlisted=True)
    taken = make_claim(Status.CONFIRMED, session=make_session(capacity=5)).session
    person = make_person()
    mine = make_claim(Status.CONFIRMED, attendee=person).session

    assert set(found(full.event)) == {for_managers, taken, mine}
    assert found(full.event, person) == [taken]


@pytest.mark.parametrize("number", [1, 20])
def test_it_takes_the_same_statements_whatever_there_is(number):
    event, person = make_event(), make_person()
    for _ in range(number):
        make_session()

    with CaptureQueriesContext(connection) as queries:
        found(event, person)

    assert len(queries) == 3, "\n".join(query["sql"] for query in queries)
