from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection

from feedback import emails, tasks
from feedback.enums import SurveyState
from feedback.models import Survey
from project.accounts.models import User
from project.outbox.emails import Letter
from registrations.enums import FeedbackMail
from registrations.models import Registration
from tests.feedback.conftest import Mailbox
from tests.feedback.surveys import CLOSED, MORNING, make_held_session, make_survey

pytestmark = pytest.mark.django_db

REFUSE = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
CREATE TRIGGER planted BEFORE INSERT OR UPDATE ON feedback_survey
FOR EACH ROW WHEN (NEW.session_key = '{key}') EXECUTE FUNCTION refuse();
"""


@pytest.fixture
def _afterwards_nothing_is_refused() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS refuse() CASCADE")


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


@pytest.mark.postgresql
@pytest.mark.usefixtures("_afterwards_nothing_is_refused")
@pytest.mark.django_db(transaction=True)
def test_tasks_go_on_after_a_survey_that_fails(smtp_server: Mailbox) -> None:
    broken, sound = make_held_session(2), make_held_session(1)
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(key=broken.key))

    for moment in (MORNING, CLOSED):
        with time_machine.travel(moment, tick=False):
            tasks.issue_due_codes()
            tasks.close_due_surveys()

    assert len(smtp_server.mails) == 1
    assert Survey.objects.get().session_key == sound.key
    assert Survey.objects.get().state == SurveyState.TOO_FEW


@pytest.mark.postgresql
@pytest.mark.usefixtures("_afterwards_nothing_is_refused")
@pytest.mark.django_db(transaction=True)
def test_close_due_surveys_goes_on_after_one_that_fails() -> None:
    broken, sound = make_survey(), make_survey()
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(key=broken.session_key))

    with time_machine.travel(CLOSED, tick=False):
        tasks.close_due_surveys()

    states = dict(Survey.objects.values_list("pk", "state"))
    assert [states[broken.pk], states[sound.pk]] == [SurveyState.OPEN, SurveyState.TOO_FEW]


def test_code_that_cannot_be_rendered_stops_no_other(smtp_server: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_held_session(3)
    broken = User.objects.filter(registrations__session=session).order_by("pk")[0]
    render_code = emails.render_code

    def fail_once(**facts: Any) -> Letter:
        if facts["attendee"] == broken:
            raise ZeroDivisionError
        return render_code(**facts)

    monkeypatch.setattr(emails, "render_code", fail_once)

    with time_machine.travel(MORNING, tick=False):
        tasks.issue_due_codes()

    assert len(smtp_server.mails) == 2
    assert Registration.objects.filter(feedback_mail=FeedbackMail.DUE).get().attendee == broken
