from __future__ import annotations

from datetime import date

from project.dashboard.enums import Measure
from project.dashboard.rules.answers import answers
from project.dashboard.rules.facts import Block, Programme
from project.dashboard.rules.periods import closing_with

QUARTER = closing_with(date(2026, 5, 1))[1]
Tally = dict[tuple[str, str], int]


def test_answers_without_a_survey_is_empty() -> None:
    assert answers(_programme([], surveyed=frozenset()), QUARTER) == []


def test_answers_of_a_survey_without_a_block_are_not_shown() -> None:
    figures = _figures([])

    assert figures
    assert set(figures.values()) == {None}


def test_answers_add_whole_blocks() -> None:
    blocks = [
        _block("mindlab", advise={("4", ""): 6, ("2", ""): 2}),
        _block("other", advise={("5", ""): 9, ("1", ""): 3}),
    ]

    figures = _figures(blocks)

    assert figures["", "advise", Measure.ANSWERS] == 20
    assert figures["", "advise", Measure.FAVOURABLE] == 75
    assert figures["mindlab", "advise", Measure.ANSWERS] == 8
    assert figures["mindlab", "advise", Measure.FAVOURABLE] == 75
    assert figures["other", "advise", Measure.ANSWERS] == 10


def test_answers_leave_out_a_block_with_few_valid_ones_to_a_question() -> None:
    few = {("4", ""): 7, ("NA", ""): 20, ("NO", ""): 3}
    blocks = [_block("mindlab", advise={("2", ""): 10}), _block("mindlab", advise=few)]

    figures = _figures(blocks)

    assert figures["mindlab", "advise", Measure.ANSWERS] == 10
    assert figures["mindlab", "advise", Measure.FAVOURABLE] == 4  # below 5 %


def test_answers_ignore_a_block_of_fewer_than_eight() -> None:
    small = Block("mindlab", ballots=40, answers=7, tallies={"advise": {("4", ""): 9}})

    assert set(_figures([small]).values()) == {None}


def test_answers_to_a_pair_give_the_share_that_improved() -> None:
    pairs = {("4", "2"): 5, ("4", "4"): 3, ("2", "4"): 2, ("5", ""): 4}
    figures = _figures([_block("mindlab", know_where=pairs, confident=pairs)])

    assert figures["mindlab", "know_where", Measure.ANSWERS] == 10
    assert figures["mindlab", "know_where", Measure.IMPROVED] == 50
    assert figures["mindlab", "know_where", Measure.FAVOURABLE] == 80
    assert figures["mindlab", "confident", Measure.IMPROVED] == 50
    assert ("mindlab", "confident", Measure.FAVOURABLE) not in figures


def test_answers_gives_the_response_in_steps_of_25_percent() -> None:
    blocks = [_block("mindlab", ballots=30, answered=17), _block("other", ballots=24, answered=20)]

    figures = _figures(blocks)

    assert figures["mindlab", "", Measure.RESPONSE] == 50
    assert figures["other", "", Measure.RESPONSE] is None
    assert figures["", "", Measure.RESPONSE] == 50


def _block(activity: str, ballots: int = 40, answered: int = 30, **tallies: Tally) -> Block:
    return Block(activity, ballots, answered, tallies)


def _figures(blocks: list[Block]) -> dict[tuple[str, str, Measure], int | None]:
    surveyed = frozenset({"mindlab", "other"})
    return {(f.row, f.column, f.measure): f.value for f in answers(_programme(blocks, surveyed), QUARTER)}


def _programme(blocks: list[Block], surveyed: frozenset[str]) -> Programme:
    return Programme({}, [], [], [], surveyed=surveyed, blocks=blocks)
