from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from project.accounts.enums import RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from project.accounts.models import Role


@dataclass(frozen=True)
class Rights:
    """What the roles of one person add up to (contract.md, "Who may see and do what")."""

    organizes_everywhere: bool = False
    organized_units: frozenset[int] = frozenset()
    coordinates: bool = False
    reads_the_board: bool = False
    administers: bool = False
    hosted_sessions: frozenset[UUID] = frozenset()
    door_sessions: frozenset[UUID] = frozenset()

    @classmethod
    def from_roles(cls, roles: Iterable[Role]) -> Rights:
        given = list(roles)
        kinds = {role.kind for role in given}
        organizing = [role for role in given if role.kind == RoleKind.ORGANIZER]
        return cls(
            organizes_everywhere=RoleKind.COORDINATOR in kinds or any(role.unit_id is None for role in organizing),
            organized_units=frozenset(role.unit_id for role in organizing if role.unit_id),
            coordinates=RoleKind.COORDINATOR in kinds,
            reads_the_board=RoleKind.BOARD in kinds,
            administers=RoleKind.ADMINISTRATOR in kinds,
            hosted_sessions=_sessions_of(given, RoleKind.HOST),
            door_sessions=_sessions_of(given, RoleKind.DOOR),
        )

    @property
    def organizes_anything(self) -> bool:
        return self.organizes_everywhere or bool(self.organized_units)

    def may_organize(self, unit_id: int) -> bool:
        return self.organizes_everywhere or unit_id in self.organized_units


def is_member(email: str) -> bool:
    """Returns whether a lowercase address is in `MEMBER_DOMAINS`; everybody else is a guest (contract.md,
    "Environment").
    """
    return email.rpartition("@")[2] in settings.MEMBER_DOMAINS


def _sessions_of(roles: Iterable[Role], kind: RoleKind) -> frozenset[UUID]:
    return frozenset(role.session_key for role in roles if role.kind == kind and role.session_key)
