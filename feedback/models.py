from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from feedback.enums import Answer, Questionnaire, SurveyState
from feedback.querysets import SurveyQuerySet, TallyQuerySet

# No table below has a person, a moment, a sequence or a relation: anonymity is a property of the tables and not a
# setting (specs/privacy.md 1.4). A survey names its session by key. `tests/feedback/test_models.py` checks this.


class Survey(models.Model):
    """The questions after one session. With eight answers or more it is a block: the smallest unit of figures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_key = models.UUIDField(unique=True)
    questionnaire = models.CharField(max_length=10, choices=Questionnaire, default=Questionnaire.DIRECT)
    closes_on = models.DateField()
    state = models.CharField(max_length=7, choices=SurveyState, default=SurveyState.OPEN)
    ballots_issued = models.PositiveIntegerField(default=0)
    answers_counted = models.PositiveIntegerField(default=0)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SurveyState.values), name="survey_state_known"),
            models.CheckConstraint(
                condition=Q(state=SurveyState.COUNTED) | Q(answers_counted=0), name="few_answers_are_not_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"survey {self.id}"


class Ballot(models.Model):
    """The right to answer once. The code itself is only in somebody's mail."""

    token_hash = models.CharField(primary_key=True, max_length=64)
    survey_id = models.UUIDField(db_index=True)

    def __str__(self) -> str:
        return "ballot"


class Intake(models.Model):
    """An answer, kept until its survey closes and it is counted. No page and no figure reads this table."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey_id = models.UUIDField(db_index=True)
    answers = models.JSONField()

    def __str__(self) -> str:
        return "answer"


class Tally(models.Model):
    """How often one value was given to one item, or one pair of values to a now/before item (`value_before`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey_id = models.UUIDField(db_index=True)
    item = models.CharField(max_length=20)
    value = models.CharField(max_length=2, choices=Answer)
    value_before = models.CharField(max_length=2, choices=Answer, blank=True)
    answers = models.PositiveIntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey_id", "item", "value", "value_before"], name="tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}={self.value}"


class Comment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey_id = models.UUIDField(db_index=True)
    body = models.TextField()

    def __str__(self) -> str:
        return "comment"
