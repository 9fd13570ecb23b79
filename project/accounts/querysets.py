from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from project.accounts.models import Role, User  # noqa: F401  # named in the base of the class below


class RoleQuerySet(models.QuerySet["Role"]):
    def of(self, user: User) -> RoleQuerySet:
        return self.filter(user=user)
