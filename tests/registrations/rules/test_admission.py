"""Who may sign up, and which of several reasons is named first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from events.enums import EventStatus, SessionLanguage, SessionStatus
from project.accounts.enums import Audience
from registrations.rules import admits, is_spoken, needs_group, why_closed, why_not
from tests.factories import NOW, make_event, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "has_access", "matters"),
    [
        ({}, False, False),
        ({"audiences": (Audience.STUDENT,)}, False, True),
        ({"units": ("me",)}, False, True),
        ({"audiences": (Audience.STUDENT,)}, True, False),
        ({"held_seats": 2, "held_audiences": ("STUDENT",), "held_until": NOW + HOUR}, False, True),
        ({"held_seats": 2, "held_audiences": ("STUDENT",), "held_until": NOW}, False, False),
    ],
)
def test_a_newcomer_tells_their_group_first_only_where_it_matters(fields, has_access, matters):
    newcomer, named = make_person(name="", unit=None, audience=""), make_person(name="")
    session: Any = make_session(**fields)
    session.has_access, session.has_done_prerequisite = has_access, False

    assert needs_group(session, newcomer, NOW) is matters
    assert (why_not(session, newcomer, NOW) == "not-introduced") is matters
    assert not needs_group(session, named, NOW)


def asked(person, *, has_access=False, has_done_prerequisite=False, **fields):
    """The refusal, if any, for a session with these answers of `annotate_admission`."""
    session: Any = make_session(**fields)
    session.has_access, session.has_done_prerequisite = has_access, has_done_prerequisite
    return why_not(session, person, NOW)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, None),
        ({"status": SessionStatus.CANCELLED}, "cancelled"),
        ({"status": SessionStatus.HELD}, "started"),
        ({"starts_at": NOW}, "started"),
        ({"starts_at": NOW + timedelta(microseconds=1)}, None),
        ({"opens_at": NOW + HOUR}, "not-open-yet"),
        ({"opens_at": NOW}, None),
        ({"closes_at": NOW}, "closed"),
        ({"closes_at": NOW + HOUR}, None),
    ],
)
def test_a_session_is_closed_by_its_state_and_its_clock(fields, code):
    assert why_closed(make_session(**fields), NOW) == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (EventStatus.PUBLISHED, None),
        (EventStatus.UNLISTED, None),
        (EventStatus.DRAFT, "not-published"),
        (EventStatus.CANCELLED, "cancelled"),
    ],
)
def test_a_session_is_closed_with_its_event(status, code):
    assert why_closed(make_session(event=make_event(status=status)), NOW) == code


@pytest.mark.parametrize(
    ("wanted", "audience", "is_admitted"),
    [
        ((), Audience.GUEST, True),
        ((Audience.STUDENT,), Audience.STUDENT, True),
        ((Audience.STUDENT,), Audience.STAFF, False),
        ((Audience.STAFF,), Audience.PHD, True),
        ((Audience.PHD,), Audience.STAFF, False),
    ],
)
def test_an_audience_is_admitted_as_what_it_is_and_as_what_it_belongs_to(wanted, audience, is_admitted):
    session = make_session(audiences=wanted)

    assert admits(session, make_person(audience=audience)) == is_admitted


def test_the_audience_of_a_session_comes_before_that_of_its_event():
    session = make_session(event=make_event(audiences=(Audience.STAFF,)), audiences=(Audience.STUDENT,))

    assert admits(session, make_person(audience=Audience.STUDENT))
    assert not admits(session, make_person(audience=Audience.STAFF))


def test_a_session_for_a_unit_admits_nobody_without_one():
    session = make_session(units=("me",))

    assert admits(session, make_person(unit=make_unit("me")))
    assert not admits(session, make_person(unit=make_unit("tpm")))
    assert not admits(session, make_person(audience=Audience.GUEST, unit=None))


def test_a_visitor_may_try_whatever_the_audience():
    assert asked(None, audiences=(Audience.STUDENT,)) is None
    assert asked(None, starts_at=NOW) == "started"


def test_that_an_unlisted_session_exists_is_told_only_with_a_link():
    person = make_person()

    assert asked(person, is_unlisted=True, starts_at=NOW) == "not-published"
    assert asked(person, is_unlisted=True, starts_at=NOW, has_access=True) == "started"


def test_a_personal_link_admits_whatever_the_audience():
    person = make_person(audience=Audience.STAFF)

    assert asked(person, audiences=(Audience.STUDENT,)) == "not-eligible"
    assert asked(person, audiences=(Audience.STUDENT,), has_access=True) is None


def test_a_prerequisite_is_asked_also_of_people_with_a_link():
    person, event = make_person(), make_event(prerequisite=make_event())

    assert asked(person, event=event, has_access=True) == "prerequisite-missing"
    assert asked(person, event=event, has_done_prerequisite=True) is None


@pytest.mark.parametrize(("language", "is_followed"), [("", True), ("en", True), ("nl", False)])
def test_a_language_that_was_asked_for_is_spoken(language, is_followed):
    assert is_spoken(make_session(language=SessionLanguage.ENGLISH), language) == is_followed
