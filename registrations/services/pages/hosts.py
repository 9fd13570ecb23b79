"""The people who lead a session, as everybody reads them: only those who agreed to be named, and none of a discreet
event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef

from project.accounts.enums import RoleKind
from project.accounts.models import Role, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.models import Session
    from events.querysets import SessionQuerySet


def annotate_hosts(sessions: Any) -> SessionQuerySet:
    """`has_named_host`: whether it is worth asking who they are."""
    roles = Role.objects.filter(kind=RoleKind.HOST, session_key=OuterRef("key"))
    named = roles.filter(user__is_named_as_host=True, user__is_active=True)
    return cast("SessionQuerySet", sessions.annotate(has_named_host=Exists(named)))


def named_hosts(sessions: Iterable[Session]) -> list[User]:
    """Returns the hosts of sessions read with `annotate_hosts`, by name; one statement if there are any."""
    led = [session.key for session in sessions if _names_hosts(session)]
    if not led:
        return []
    hosts = User.objects.filter(roles__kind=RoleKind.HOST, roles__session_key__in=led)
    named = hosts.filter(is_named_as_host=True, is_active=True).exclude(name="")
    return list(named.distinct().order_by("name", "pk"))


def leads_sessions(person: User) -> bool:
    return Role.objects.filter(user=person, kind=RoleKind.HOST).exists()


def _names_hosts(session: Session) -> bool:
    return bool(getattr(session, "has_named_host", False)) and not session.event.is_discreet
