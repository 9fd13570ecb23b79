"""Accounts of addresses that requested a sign-in code and never used it.

Known and unknown addresses are treated alike (`people.admit`), so every address somebody types in gets a row for a
while.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, ForeignKey, ManyToManyField, OuterRef

from project.accounts.models import User
from project.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

KEPT = timedelta(hours=1)  # a code lives for a quarter of that
AT_ONCE = 500
ONLY_THE_CODE = "sign-in-code"


def forget_strangers(*, now: datetime) -> int:
    """Deletes people who never signed in, told us nothing about themselves, and to whom no row refers except mails with
    codes. Returns how many. Idempotent.

    Rows are locked and then checked again: no new row can refer to one that is locked.
    """
    with transaction.atomic(durable=True):
        found = _strangers(now).values_list("pk", flat=True)[:AT_ONCE]
        locked = User.objects.select_for_update(of=("self",)).filter(pk__in=list(found)).values_list("pk", flat=True)
        gone = list(_strangers(now).filter(pk__in=list(locked)).values_list("pk", flat=True))
        User.objects.filter(pk__in=gone).delete()
    return len(gone)


def _strangers(now: datetime) -> QuerySet[User]:
    people = User.objects.filter(last_login__isnull=True, name="", unit__isnull=True, joined_at__lt=now - KEPT)
    recent = Message.objects.filter(recipient=OuterRef("pk"), created_at__gte=now - KEPT)
    people = people.filter(~Exists(recent))
    for rows in _rows_about_people():
        people = people.filter(~Exists(rows))
    return people.order_by("pk")


def _rows_about_people() -> Iterator[QuerySet[Any]]:
    """Yields, for each relation to a person in any app, the rows that refer to that person, except mails with codes."""
    for relation in User._meta.get_fields(include_hidden=True):  # noqa: SLF001  # the documented interface
        if (
            relation.auto_created
            and relation.is_relation
            and isinstance(relation.remote_field, ForeignKey | ManyToManyField)
        ):
            rows = relation.related_model._default_manager.filter(**{relation.remote_field.name: OuterRef("pk")})  # noqa: SLF001  # the documented interface
            yield rows.exclude(kind=ONLY_THE_CODE) if relation.related_model is Message else rows
