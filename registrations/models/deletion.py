"""What deleting a row does to the rows that point at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import SET_NULL

if TYPE_CHECKING:
    from django.db.models import Field, ForeignKey, QuerySet
    from django.db.models.deletion import Collector


def STAND_ALONE(  # noqa: N802  # as Django names what a foreign key does when its row is deleted
    collector: Collector, field: ForeignKey[Any], sub_objs: QuerySet[Any], using: str
) -> None:
    """Keeps the wish, without a seat to replace. Django updates rows before it deletes any, so the seat stops filling
    the slot first: if both filled it, the database would refuse (`one_seat_per_slot`).
    """
    rows, fills_slot = field.model._base_manager, field.model._meta.get_field("fills_slot")  # noqa: SLF001  # the documented access
    seats = rows.using(using).filter(replaced_by__in=[wish.pk for wish in sub_objs]).distinct()
    collector.add_field_update(cast("Field[Any, Any]", fills_slot), value=False, objs=list(seats))
    SET_NULL(collector, field, sub_objs, using)
