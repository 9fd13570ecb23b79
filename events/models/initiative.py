from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.enums import InitiativeCategory
from events.models.texts import in_reading_language
from events.querysets import InitiativeQuerySet
from project.accounts.models import Unit


class Initiative(models.Model):
    """Something that a faculty already does, for the overview that the Student Portal promised."""

    slug = models.SlugField(max_length=80, unique=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="initiatives", help_text=_("empty: in several places")
    )
    category = models.CharField(max_length=12, choices=InitiativeCategory)
    title_en = models.CharField(max_length=150, blank=True)
    title_nl = models.CharField(max_length=150, blank=True)
    summary_en = models.TextField(blank=True)
    summary_nl = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    contact = models.EmailField(max_length=254, blank=True, help_text=_("of a function or a group, not of a person"))

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["category", "slug"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title_en="", title_nl=""), name="initiative_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def title(self) -> str:
        return in_reading_language(self, "title")

    @property
    def summary(self) -> str:
        return in_reading_language(self, "summary")
