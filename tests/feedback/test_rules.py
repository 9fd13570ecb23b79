from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from events.enums import EventKind, SessionStatus
from events.models import Session
from feedback.enums import ANSWERS, Answer, ItemKind, Questionnaire
from feedback.rules import figures, questionnaire, surveys
from feedback.rules.figures import Interval, Mean, Share

SCALE_ITEM, PAIR_ITEM = questionnaire.ITEMS[0], questionnaire.ITEMS[2]


def _spread(*values: int) -> dict[tuple[str, str], int]:
    """How many chose 1, 2, 3, 4 and 5."""
    return {(str(value), ""): number for value, number in enumerate(values, start=1) if number}


def test_questionnaire_has_the_eight_items_of_the_specification() -> None:
    kinds = [item.kind for item in questionnaire.ITEMS]

    assert kinds == [*["scale"] * 2, *["pair"] * 3, *["scale"] * 2, "comment"]
    assert all(item.en and item.nl for item in questionnaire.ITEMS)


def test_conference_drops_items_four_and_six() -> None:
    asked = questionnaire.items_of(questionnaire.questionnaire_for(EventKind.CONFERENCE))

    assert [number for number, item in enumerate(questionnaire.ITEMS, start=1) if item not in asked] == [4, 6]


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind != EventKind.CONFERENCE])
def test_every_other_kind_asks_all(kind: EventKind) -> None:
    assert questionnaire.items_of(questionnaire.questionnaire_for(kind)) == questionnaire.ITEMS


def test_item_is_read_in_the_language_of_the_reader() -> None:
    with translation.override("nl"):
        dutch = questionnaire.ITEMS[7]

        assert dutch.text == "Wat moeten we zo houden en wat moet anders?"
        assert dutch.hint == "Beschrijf geen personen of situaties. Op dit veld kan niemand reageren."
    with translation.override("en"):
        assert questionnaire.ITEMS[7].text == "What should we keep, and what should we change?"


def test_kept_drops_what_is_not_asked_and_what_was_skipped() -> None:
    answers = {
        "free": "4",
        "confident": "5",
        "confident_before": "1",
        "intend": "5",
        "advise": "",
        "name": "Somebody",
        "comment": "Fine",
    }

    kept = questionnaire.kept(Questionnaire.DIRECT_CONFERENCE, answers)

    assert kept == {"free": "4", "comment": "Fine"}


def test_kept_refuses_an_answer_that_is_not_on_the_scale() -> None:
    with pytest.raises(ValueError, match="9"):
        questionnaire.kept(Questionnaire.DIRECT, {"free": "9"})


@pytest.mark.parametrize(("number", "floor"), [(8, 8), (9, 8), (10, 10), (14, 10), (15, 15), (19, 15), (104, 100)])
def test_number_of_people_is_shown_as_the_floor_of_its_band(number: int, floor: int) -> None:
    assert figures.band_floor(number) == floor


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 8, "< 5 %"),
        (8, 8, "> 95 %"),
        (1, 40, "5 %"),
        (4, 9, "45 %"),
        (1, 3, "35 %"),
        (25, 49, "50 %"),
        (26, 50, "52 %"),
        (2, 50, "< 5 %"),
        (48, 50, "> 95 %"),
        (95, 100, "95 %"),
    ],
)
def test_share_is_rounded_and_its_ends_are_not_exact(part: int, whole: int, shown: str) -> None:
    assert str(figures.share(part, whole)) == shown


@given(whole=st.integers(8, 500), data=st.data())
def test_share_never_reveals_more_than_it_may(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))

    shown = figures.share(part, whole)

    assert 5 <= shown.percent <= 95
    assert shown.percent % (1 if whole >= 50 else 5) == 0
    assert shown.edge or abs(shown.percent - 100 * part / whole) <= 2.5


@given(people=st.integers(8, 500), percent=st.sampled_from(range(5, 100, 5)))
def test_interval_holds_its_share(people: int, percent: int) -> None:
    interval = figures.wilson(Share(percent), people)

    assert 0 <= interval.low <= percent <= interval.high <= 100


def test_interval_is_wilsons() -> None:
    assert figures.wilson(Share(50), 10) == Interval(23, 77)
    assert figures.wilson(Share(95, ">"), 8).high == 100
    assert figures.wilson(Share(5, "<"), 100).low == 0


def test_figure_of_seven_is_not_shown() -> None:
    assert figures.figure(SCALE_ITEM, _spread(0, 0, 0, 3, 4) | {("NA", ""): 5, ("NO", ""): 9}) is None


def test_figure_of_eight_has_three_classes() -> None:
    figure = figures.figure(SCALE_ITEM, _spread(1, 1, 2, 3, 1))

    assert figure is not None
    assert (figure.people, figure.mean, str(figure.favourable)) == (8, Mean(3.2), "50 %")
    assert [(len(values), str(share)) for values, share in figure.spread] == [(2, "25 %"), (1, "25 %"), (2, "50 %")]
    assert figure.change is None


def test_figure_of_ten_has_the_whole_spread() -> None:
    figure = figures.figure(SCALE_ITEM, _spread(1, 2, 2, 3, 2))

    assert figure is not None
    assert [str(share) for _, share in figure.spread] == ["10 %", "20 %", "20 %", "30 %", "20 %"]


@pytest.mark.parametrize(("spread", "mean"), [((0, 0, 0, 0, 9), Mean(4.8, ">")), ((9, 0, 0, 0, 0), Mean(1.2, "<"))])
def test_unanimity_is_not_shown_exactly(spread: tuple[int, ...], mean: Mean) -> None:
    figure = figures.figure(SCALE_ITEM, _spread(*spread))

    assert figure is not None
    assert figure.mean == mean
    assert {share.edge for _, share in figure.spread} == {"<", ">"}


def test_pair_counts_people_who_answered_both_halves() -> None:
    counts = {("4", "2"): 5, ("3", "3"): 2, ("2", "5"): 1, ("5", "NO"): 30, ("NA", "1"): 3}

    figure = figures.figure(PAIR_ITEM, counts)

    assert figure is not None
    assert (figure.people, str(figure.favourable)) == (8, "65 %")
    assert figure.change is not None
    assert [str(share) for share in (figure.change.improved, figure.change.same, figure.change.lower)] == [
        "65 %",
        "25 %",
        "15 %",
    ]


@pytest.mark.parametrize(
    ("answers", "issued", "band"),
    [(8, 40, (0, 25)), (10, 40, (25, 50)), (29, 40, (50, 75)), (30, 40, (75, 100)), (40, 40, (75, 100))],
)
def test_response_is_shown_as_a_band(answers: int, issued: int, band: tuple[int, int]) -> None:
    assert figures.response_band(answers, issued) == band


def _session(ends_at: datetime, timezone: str = "Europe/Amsterdam") -> Session:
    return Session(
        starts_at=ends_at - timedelta(hours=2), ends_at=ends_at, timezone=timezone, status=SessionStatus.HELD
    )


@pytest.mark.parametrize(
    ("ends_at", "timezone", "due_at"),
    [
        (datetime(2026, 3, 12, 11, tzinfo=UTC), "Europe/Amsterdam", datetime(2026, 3, 13, 8, tzinfo=UTC)),
        (datetime(2026, 3, 28, 11, tzinfo=UTC), "Europe/Amsterdam", datetime(2026, 3, 29, 7, tzinfo=UTC)),
        (datetime(2026, 3, 12, 22, tzinfo=UTC), "America/New_York", datetime(2026, 3, 13, 13, tzinfo=UTC)),
    ],
    ids=["winter", "the night the clock moves", "elsewhere"],
)
def test_codes_are_due_at_nine_the_next_morning(ends_at: datetime, timezone: str, due_at: datetime) -> None:
    session = _session(ends_at, timezone)

    assert surveys.codes_due_at(session) == due_at
    assert surveys.is_ready_for_codes(session, due_at)
    assert not surveys.is_ready_for_codes(session, due_at - timedelta(seconds=1))


def test_survey_closes_fourteen_days_after_the_session() -> None:
    session = _session(datetime(2026, 3, 12, 11, tzinfo=UTC))

    assert surveys.closing_day(session, datetime(2026, 3, 13, 8, tzinfo=UTC)) == date(2026, 3, 26)


def test_code_lives_a_week_when_the_check_in_was_finished_late() -> None:
    session = _session(datetime(2026, 3, 12, 11, tzinfo=UTC))

    assert surveys.closing_day(session, datetime(2026, 4, 20, 8, tzinfo=UTC)) == date(2026, 4, 27)


def test_every_answer_of_the_form_is_known_to_the_tally() -> None:
    assert {Answer.NONE, *ANSWERS} == set(Answer)
    assert {item.kind for item in questionnaire.RATED_ITEMS} == {ItemKind.SCALE, ItemKind.PAIR}
