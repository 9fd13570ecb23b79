from __future__ import annotations

import pytest

from events.models import Session
from project.accounts.enums import RoleKind
from registrations.services.pages.hosts import annotate_hosts, leads_sessions, named_hosts
from tests.factories import give_role, make_event, make_person, make_session

pytestmark = pytest.mark.django_db


def host_of(session, **overrides):
    return give_role(make_person(**({"is_named_as_host": True} | overrides)), RoleKind.HOST, session=session)


def names():
    sessions = annotate_hosts(Session.objects.select_related("event"))
    return [host.name for host in named_hosts(sessions)]


def test_hosts_who_agreed_are_named_once_each():
    session, other = make_session(), make_session()
    host = host_of(session, name="Demo Berta")
    give_role(host, RoleKind.HOST, session=other)
    host_of(other, name="Demo Ada")

    assert names() == ["Demo Ada", "Demo Berta"]
    assert leads_sessions(host)


def test_nobody_else_is_named():
    session = make_session()
    host_of(session, is_named_as_host=False)
    host_of(session, is_active=False)
    give_role(make_person(is_named_as_host=True), RoleKind.DOOR, session=session)
    host_of(make_session(event=make_event(is_discreet=True)))

    assert names() == []
    assert not leads_sessions(make_person())


def test_without_hosts_nothing_is_asked(django_assert_num_queries):
    make_session()
    sessions = list(annotate_hosts(Session.objects.select_related("event")))

    with django_assert_num_queries(0):
        assert named_hosts(sessions) == []
