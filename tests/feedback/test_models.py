"""Anonymity is a property of the tables (specs/privacy.md 1.4 and 6): nothing in them leads to a person."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from feedback.enums import SurveyState
from feedback.models import Ballot, Comment, Intake, Survey, Tally
from tests.architecture import sources
from tests.feedback.surveys import make_survey

TABLES = list(apps.get_app_config("feedback").get_models())
TRACES = (
    "user",
    "person",
    "attendee",
    "author",
    "address",
    "email",
    "registration",
    "language",
    "agent",
    "created",
    "at",
)


def test_tables_are_these_five() -> None:
    assert set(TABLES) == {Survey, Ballot, Intake, Tally, Comment}


@pytest.mark.parametrize("table", TABLES)
def test_table_has_no_relation(table: type[models.Model]) -> None:
    assert [field.name for field in table._meta.get_fields() if field.is_relation] == []


@pytest.mark.parametrize("table", TABLES)
def test_table_holds_no_moment(table: type[models.Model]) -> None:
    moments = (models.DateTimeField, models.TimeField, models.DurationField)

    assert [field.name for field in table._meta.fields if isinstance(field, moments)] == []


@pytest.mark.parametrize("table", [Ballot, Intake, Tally, Comment])
def test_only_the_survey_holds_a_day(table: type[models.Model]) -> None:
    assert [field.name for field in table._meta.fields if isinstance(field, models.DateField)] == []


@pytest.mark.parametrize("table", TABLES)
def test_table_has_no_sequence(table: type[models.Model]) -> None:
    key = table._meta.pk

    assert isinstance(key, models.UUIDField) or key.name == "token_hash"
    assert not isinstance(key, models.AutoField)


@pytest.mark.parametrize("table", TABLES)
def test_column_names_no_person(table: type[models.Model]) -> None:
    words = {word for field in table._meta.fields for word in field.name.split("_")}

    assert words.isdisjoint(TRACES)


def test_ballot_holds_a_hash_and_its_survey_and_nothing_else() -> None:
    assert [field.name for field in Ballot._meta.fields] == ["token_hash", "survey_id"]


@pytest.mark.parametrize("table", [Intake, Tally, Comment, Survey])
def test_key_is_random_and_tells_no_time(table: type[models.Model]) -> None:
    assert table().pk.version == 4


@pytest.mark.django_db
def test_few_answers_are_never_counted() -> None:
    with pytest.raises(IntegrityError):
        make_survey(state=SurveyState.TOO_FEW, answers_counted=3)


def test_strings_of_rows_reveal_nothing() -> None:
    rows = [
        Ballot(token_hash="f00"),
        Intake(answers={"comment": "secret"}),
        Comment(body="secret"),
        Tally(item="free", value="4"),
    ]

    assert [str(row) for row in rows] == ["ballot", "answer", "comment", "free=4"]
    assert str(Survey()).startswith("survey ")


def test_only_the_ballot_box_touches_ballots_and_answers() -> None:
    """No page, figure, file or export can show what it cannot import."""
    secret = {"feedback.models.Ballot", "feedback.models.Intake"}

    assert [sources.name(path) for path in sources.modules() if secret & set(sources.imports(path))] == [
        "feedback/services/ballots.py"
    ]
