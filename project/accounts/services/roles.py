from __future__ import annotations

from typing import TYPE_CHECKING

from project.accounts.models import Role, User
from project.accounts.rules import Rights

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

NO_RIGHTS = Rights()


def rights_of(user: User | AnonymousUser) -> Rights:
    """Returns what somebody may do. Read once per request: the result is kept on the user object."""
    if not isinstance(user, User):
        return NO_RIGHTS
    if not hasattr(user, "_rights"):
        has_none = not getattr(user, "has_roles", True)
        user._rights = NO_RIGHTS if has_none else Rights.from_roles(Role.objects.of(user))  # type: ignore[attr-defined]  # noqa: SLF001  # a memo
    rights: Rights = user._rights  # type: ignore[attr-defined]  # noqa: SLF001  # the memo of above
    return rights
