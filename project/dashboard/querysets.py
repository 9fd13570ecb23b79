from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from project.dashboard.models import PublishedCell  # noqa: F401  # named in the base of the class below


class PublishedCellQuerySet(models.QuerySet["PublishedCell"]):
    def of(self, parts: Iterable[tuple[date, str, Collection[str]]]) -> PublishedCellQuerySet:
        """The cells of these (month of release, code of period, tables), in the order in which they were published."""
        wanted = Q(pk__in=[])
        for month, period, tables in parts:
            wanted |= Q(release__month=month, period=period, table__in=tables)
        return self.filter(wanted).order_by("pk")
