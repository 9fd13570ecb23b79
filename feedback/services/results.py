"""What organisers may read about a session once its survey has closed (specs/privacy.md 1.6, "Organiser view")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedback.enums import SurveyState
from feedback.models import Comment, Survey, Tally
from feedback.rules import figures, questionnaire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from events.models import Session


@dataclass(frozen=True)
class Report:
    people: int
    response_from: int
    response_to: int
    figures: Sequence[figures.Figure]
    may_show_comments: bool
    comments: Sequence[str]


@dataclass(frozen=True)
class Results:
    """The report, or the reason why there is none. Nothing is set if nobody was asked."""

    opens_after: date | None = None
    has_too_few: bool = False
    report: Report | None = None


def results_of(*, session: Session) -> Results:
    """Empty for a discreet session: those are only reported per year (specs/privacy.md 3)."""
    survey = None if session.event.is_discreet else Survey.objects.filter(session_key=session.key).first()
    if survey is None:
        return Results()
    if survey.state == SurveyState.OPEN:
        return Results(opens_after=survey.closes_on)
    if survey.state == SurveyState.TOO_FEW:
        return Results(has_too_few=True)
    return Results(report=_report(survey))


def _report(survey: Survey) -> Report:
    counts = Tally.objects.of_blocks([survey.pk]).counts()
    found = (figures.figure(item, counts.get(item.key, {})) for item in questionnaire.RATED_ITEMS)
    low, high = figures.response_band(survey.answers_counted, survey.ballots_issued)
    may_show_comments = survey.answers_counted >= figures.K_COMMENTS
    return Report(
        people=figures.band_floor(survey.answers_counted),
        response_from=low,
        response_to=high,
        figures=[figure for figure in found if figure],
        may_show_comments=may_show_comments,
        comments=_comments(survey) if may_show_comments else [],
    )


def _comments(survey: Survey) -> list[str]:
    """Sorted by their random keys: a fixed order that reveals nothing."""
    return list(Comment.objects.filter(survey_id=survey.pk).order_by("pk").values_list("body", flat=True))
