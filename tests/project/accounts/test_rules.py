from __future__ import annotations

import pytest

from project.accounts.enums import Audience, RoleKind
from project.accounts.models import Role
from project.accounts.rules import Rights
from project.accounts.services.roles import rights_of
from tests.factories import give_role, make_person, make_session, make_unit

pytestmark = pytest.mark.django_db


def test_an_organizer_of_a_unit_organizes_that_unit_only():
    me, abe = make_unit("me"), make_unit("abe")
    person = give_role(make_person(), RoleKind.ORGANIZER, unit=me)

    rights = rights_of(person)

    assert rights.may_organize(me.pk)
    assert not rights.may_organize(abe.pk)
    assert rights.organizes_anything
    assert not rights.organizes_everywhere


@pytest.mark.parametrize("kind", [RoleKind.ORGANIZER, RoleKind.COORDINATOR])
def test_an_organizer_of_all_units_and_a_coordinator_organize_everywhere(kind):
    person = give_role(make_person(), kind)

    assert rights_of(person).may_organize(make_unit("abe").pk)


@pytest.mark.parametrize("kind", [RoleKind.BOARD, RoleKind.ADMINISTRATOR])
def test_the_board_and_the_administrator_organize_nothing(kind):
    person = give_role(make_person(), kind)

    rights = rights_of(person)

    assert not rights.organizes_anything
    assert rights.reads_the_board == (kind == RoleKind.BOARD)
    assert rights.administers == (kind == RoleKind.ADMINISTRATOR)


def test_host_and_door_roles_are_limited_to_their_sessions():
    session = make_session()
    person = give_role(give_role(make_person(), RoleKind.HOST, session=session), RoleKind.DOOR, session=session)

    rights = rights_of(person)

    assert (rights.hosted_sessions, rights.door_sessions) == (frozenset({session.key}), frozenset({session.key}))


def test_rights_are_read_once_per_request(django_assert_num_queries):
    person = give_role(make_person(), RoleKind.BOARD)

    with django_assert_num_queries(1):
        assert rights_of(person) == rights_of(person) != Rights()


@pytest.mark.parametrize(
    ("audience", "admitted_as"),
    [
        (Audience.STUDENT, {"STUDENT"}),
        (Audience.STAFF, {"STAFF"}),
        (Audience.PHD, {"PHD", "STAFF"}),
        (Audience.MANAGER, {"MANAGER", "STAFF"}),
        (Audience.GUEST, {"GUEST"}),
    ],
)
def test_admitted_as_includes_the_wider_group(audience, admitted_as):
    assert audience.admitted_as == admitted_as


def test_str_and_repr_of_a_person_contain_no_name():
    person = make_person(name="Demo Name")

    words = f"{person!s} {person!r} {Role(user=person, kind=RoleKind.BOARD)!s}"

    assert person.email not in words
    assert "Demo Name" not in words
