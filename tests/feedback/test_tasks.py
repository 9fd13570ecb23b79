from __future__ import annotations

import pytest
import time_machine

from feedback import tasks
from feedback.enums import SurveyState
from feedback.models import Survey
from tests.feedback.conftest import Mailbox
from tests.feedback.surveys import CLOSED, MORNING, make_held_session

pytestmark = pytest.mark.django_db


def test_tasks_carry_a_survey_from_the_morning_to_the_count(smtp_server: Mailbox) -> None:
    make_held_session(2)

    for moment in (MORNING, CLOSED):
        with time_machine.travel(moment, tick=False):
            tasks.issue_due_codes()
            tasks.close_due_surveys()

    assert len(smtp_server.mails) == 2
    assert Survey.objects.get().state == SurveyState.TOO_FEW


def test_tasks_are_in_the_schedule(settings: object) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}  # type: ignore[attr-defined]

    assert {tasks.issue_due_codes.name, tasks.close_due_surveys.name} <= scheduled
