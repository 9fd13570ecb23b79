"""Who gets into the organiser's rooms."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from structlog.testing import capture_logs

from events.enums import EventStatus
from project.accounts.enums import RoleKind
from registrations.views import permissions
from tests.factories import give_role, make_event, make_organizer, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db


def request_of(rf, person):
    request = rf.get("/")
    request.user = person
    return request


def test_an_organizer_gets_into_the_events_of_the_own_unit(rf):
    event = make_event()

    assert permissions.organized_event(request_of(rf, make_organizer(unit=event.owner)), event.slug) == event


@pytest.mark.parametrize(
    ("status", "refusal"), [(EventStatus.PUBLISHED, PermissionDenied), (EventStatus.DRAFT, Http404)]
)
def test_an_organizer_of_another_unit_is_told_only_of_what_may_be_known(rf, status, refusal):
    event = make_event(status=status)

    with pytest.raises(refusal):
        permissions.organized_event(request_of(rf, make_organizer(unit=make_unit("other"))), event.slug)


def test_somebody_without_a_role_finds_nothing(rf):
    request = request_of(rf, make_person())

    with pytest.raises(Http404):
        permissions.organized_event(request, make_event().slug)
    with pytest.raises(PermissionDenied):
        permissions.organizer_rights(request)


def test_of_a_discreet_event_only_a_named_coordinator_reads_names(rf):
    session = make_session(event=make_event(is_discreet=True))
    named, other = (give_role(make_person(), RoleKind.COORDINATOR) for _ in range(2))
    session.event.coordinators.add(named)

    assert permissions.reads_names(request_of(rf, named), session)
    assert not permissions.reads_names(request_of(rf, other), session)


@pytest.mark.parametrize(("names", "lines"), [(0, 0), (2, 1)])
def test_a_look_at_nobody_is_not_logged(rf, names, lines):
    with capture_logs() as logs:
        permissions.log_names(request_of(rf, make_person()), make_session(), names=names, where="door")

    assert len(logs) == lines
