from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from project.dashboard.enums import COUNTS_OF_PEOPLE, CellStatus, Table
from project.dashboard.querysets import PublishedCellQuerySet

SMALLEST_SHOWN_COUNT = 10


class Release(models.Model):
    """The frozen figures of one closed month (specs/privacy.md 1.5). The database refuses to change or delete it."""

    month = models.DateField(unique=True, help_text=_("the first day of the month"))
    released_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of its cells"))

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"{self.month:%Y-%m}"


class PublishedCell(models.Model):
    """One figure as everybody may see it. Pages and files of the board read nothing else.

    A suppressed cell has no value: the true one is not stored. The label of a row is frozen with it, so that pages need
    no other table.
    """

    release = models.ForeignKey(Release, models.PROTECT, related_name="cells")
    table = models.CharField(max_length=10, choices=Table)
    period = models.CharField(max_length=12, help_text=_("2026-03, 2025-2026-Q2, 2025-2026-H1 or 2025-2026"))
    row = models.CharField(max_length=80, blank=True, help_text=_("unit or activity; empty for all"))
    column = models.CharField(max_length=20, blank=True, help_text=_("question of the form, or day of a head count"))
    measure = models.CharField(max_length=12)
    status = models.CharField(max_length=1, choices=CellStatus)
    value = models.IntegerField(null=True)
    label_en = models.CharField(max_length=150, blank=True)
    label_nl = models.CharField(max_length=150, blank=True)

    objects = PublishedCellQuerySet.as_manager()

    class Meta:
        ordering = ["table", "period", "row", "column", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "table", "period", "row", "column", "measure"], name="cell_published_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status=CellStatus.PUBLISHED, value__isnull=False)
                | models.Q(status=CellStatus.SUPPRESSED, value__isnull=True),
                name="a_hidden_cell_has_no_value",
            ),
            models.CheckConstraint(condition=models.Q(table__in=Table.values), name="cell_of_a_listed_table"),
            models.CheckConstraint(
                condition=~models.Q(table__in=COUNTS_OF_PEOPLE)
                | models.Q(value__isnull=True)
                | models.Q(value__gte=SMALLEST_SHOWN_COUNT),
                name="no_small_count_of_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.period} {self.row} {self.measure}"

    @property
    def label(self) -> str:
        return self.label_nl if (get_language() or "").startswith("nl") else self.label_en
