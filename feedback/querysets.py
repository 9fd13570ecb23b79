from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Sum

from feedback.enums import SurveyState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from feedback.models import Survey, Tally  # noqa: F401  # named in the bases of the classes below


class SurveyQuerySet(models.QuerySet["Survey"]):
    def taking_answers(self, today: date) -> SurveyQuerySet:
        """Open until the end of the closing day."""
        return self.filter(state=SurveyState.OPEN, closes_on__gte=today)

    def due_to_open(self, today: date) -> SurveyQuerySet:
        return self.filter(state=SurveyState.OPEN, closes_on__lt=today)


class TallyQuerySet(models.QuerySet["Tally"]):
    def of_blocks(self, survey_ids: Iterable[UUID]) -> TallyQuerySet:
        """Tallies of whole blocks, so that subtracting two figures yields whole blocks again (specs/privacy.md 1.6)."""
        return self.filter(survey_id__in=list(survey_ids))

    def counts(self) -> dict[str, dict[tuple[str, str], int]]:
        """Returns, per item, how often each `(value, value before)` was given. One query."""
        found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
        rows = self.order_by().values_list("item", "value", "value_before").annotate(given=Sum("answers"))
        for item, value, before, given in rows:
            found[item][value, before] = given
        return dict(found)
