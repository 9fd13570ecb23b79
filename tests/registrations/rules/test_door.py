"""Who may do what at the door, hour by hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.enums import SessionStatus
from project.accounts.enums import RoleKind
from project.accounts.services.roles import rights_of
from registrations.rules import (
    DOOR_OPENS_BEFORE_START,
    HOSTS_SEE_NAMES,
    DoorPass,
    door_pass,
    may_read_names,
    why_door_closed,
)
from tests.factories import NOW, give_role, make_event, make_organizer, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def passes(person, session, now, *, is_named=False):
    return door_pass(session, rights_of(person), now, is_named=is_named)


@pytest.mark.parametrize(
    ("status", "before", "code"),
    [
        (SessionStatus.SCHEDULED, DOOR_OPENS_BEFORE_START + MINUTE, "not-open-yet"),
        (SessionStatus.SCHEDULED, DOOR_OPENS_BEFORE_START, None),
        (SessionStatus.SCHEDULED, -DAY, None),
        (SessionStatus.HELD, timedelta(0), "finished"),
        (SessionStatus.CANCELLED, timedelta(0), "cancelled"),
    ],
)
def test_the_door_opens_before_the_start_and_stays_open_until_somebody_finishes(status, before, code):
    session = make_session(status=status)

    assert why_door_closed(session, session.starts_at - before) == code


def test_organisers_of_the_unit_see_names_and_the_list_at_any_time():
    session = make_session()

    assert passes(make_organizer(unit=make_unit()), session, NOW) == DoorPass(shows_names=True, may_list=True)
    assert passes(make_organizer(unit=make_unit("other")), session, NOW) is None


def test_hosts_see_names_a_week_around_the_session():
    session = make_session()
    host = give_role(make_person(), RoleKind.HOST, session=session)
    seen = DoorPass(shows_names=True, may_list=True)
    hidden = DoorPass(may_search=False, shows_names=False, may_list=False)

    assert passes(host, session, session.starts_at - HOSTS_SEE_NAMES) == seen
    assert passes(host, session, session.ends_at + HOSTS_SEE_NAMES) == seen
    assert passes(host, session, session.starts_at - HOSTS_SEE_NAMES - MINUTE) == hidden
    assert passes(host, session, session.ends_at + HOSTS_SEE_NAMES + MINUTE) == hidden


def test_people_at_the_door_have_no_list_and_only_the_day_itself():
    session = make_session()
    helper = give_role(make_person(), RoleKind.DOOR, session=session)

    assert passes(helper, session, session.starts_at) == DoorPass(shows_names=True, may_list=False)
    assert passes(helper, session, session.starts_at - DAY) is None
    assert passes(helper, make_session(), session.starts_at) is None


@pytest.mark.parametrize("kind", [RoleKind.HOST, RoleKind.DOOR])
def test_nobody_at_the_door_of_a_discreet_session_sees_names(kind):
    session = make_session(event=make_event(is_discreet=True))
    helper = give_role(make_person(), kind, session=session)

    assert passes(helper, session, session.starts_at) == DoorPass(shows_names=False, may_list=False)


@pytest.mark.parametrize(("is_named", "reads"), [(True, True), (False, False)])
def test_names_of_a_discreet_session_are_for_the_named_coordinators(is_named, reads):
    session = make_session(event=make_event(is_discreet=True))
    coordinator = give_role(make_person(), RoleKind.COORDINATOR)

    assert may_read_names(session, rights_of(coordinator), is_named=is_named) == reads
    assert not may_read_names(session, rights_of(make_organizer()), is_named=is_named)


def test_named_coordinators_find_people_of_a_discreet_session_and_list_nobody():
    session = make_session(event=make_event(is_discreet=True))
    coordinator = give_role(make_person(), RoleKind.COORDINATOR)

    expected = DoorPass(shows_names=True, may_list=False)
    assert passes(coordinator, session, NOW, is_named=True) == expected
    assert passes(coordinator, session, NOW, is_named=False) is None
