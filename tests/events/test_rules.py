from __future__ import annotations

import pytest

from events.rules import Question, leads_back_to, questions_in


@pytest.mark.parametrize(
    ("prerequisites", "is_ring"),
    [
        ({}, False),
        ({"b": "c"}, False),
        ({"b": "a"}, True),
        ({"b": "c", "c": "a"}, True),
        ({"b": "c", "c": "b"}, False),
        ({"a": "b"}, False),
    ],
)
def test_leads_back_to_finds_a_circle_and_ends(prerequisites: dict[str, str], *, is_ring: bool) -> None:
    assert leads_back_to("a", "b", prerequisites) == is_ring


def test_leads_back_to_finds_the_event_itself() -> None:
    assert leads_back_to("a", "a", {})


def test_questions_are_lines_that_end_with_a_question_mark() -> None:
    text = "May I leave?\nAt any moment.\n\nAnd come back.\nIs there coffee? \nYes. Why not? you may ask."

    assert questions_in(text) == [
        Question("May I leave?", "At any moment.\n\nAnd come back."),
        Question("Is there coffee?", "Yes. Why not? you may ask."),
    ]


def test_what_stands_before_the_first_question_is_kept() -> None:
    assert questions_in("\nAsk us.\nWhom?\nUs.") == [Question("", "Ask us."), Question("Whom?", "Us.")]
    assert questions_in("") == []
