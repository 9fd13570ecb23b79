from __future__ import annotations

from django.utils.translation import override

from events.models import Event
from events.templatetags.texts import language_of_text, questions


def test_questions_open_for_their_answers_and_are_escaped() -> None:
    event = Event(questions_en="A & B?\nSee https://x.nl.\nAnd <b>?\nNo.")

    assert questions(event) == (
        '<details class="question"><summary>A &amp; B?</summary><div class="prose">'
        '<p dir="auto">See <a dir="auto" href="https://x.nl">https://x.nl</a>.</p></div></details>'
        '<details class="question"><summary>And &lt;b&gt;?</summary><div class="prose">'
        '<p dir="auto">No.</p></div></details>'
    )


def test_questions_in_the_other_language_say_so() -> None:
    event = Event(questions_nl="Mag ik weg?\nJa.")

    with override("en"):
        assert language_of_text(event, "questions") == "nl"
    with override("nl"):
        assert language_of_text(event, "questions") == ""
