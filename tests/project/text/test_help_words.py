from __future__ import annotations

import pytest

from project.text import folding
from project.text.help_words import BEGINNINGS, WHOLE, asks_for_help


@pytest.mark.parametrize(
    "text",
    [
        *("harassment", "HARASSED", "I feel unsafe", "report", "reporting something", "bullying", "bullied"),
        *("intimidation", "discrimination", "sexual assault", "threatened", "help", "whistle-blower whistleblower"),
        *("grensoverschrijdend gedrag", "intimidatie", "geïntimideerd", "GEINTIMIDEERD", "onveilig", "onveiligheid"),
        *("melden", "melding", "pesten", "gepest", "discriminatie", "gediscrimineerd", "aanranding", "bedreigd"),
        *("Grens-overschrijdend", "unsafe?!", "ongewenste omgangsvormen", "seksuele intimidatie", "geweld"),
    ],
)
def test_words_that_ask_for_help_are_known_in_both_languages(text):
    assert asks_for_help(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "mindlab", "active bystander", "inclusive leadership", "geweldig", "geweldloze communicatie", "culture"),
        *("Engels", "sociale veiligheid", "social safety", "pesto", "bangalore", "werkconferentie", "rapport"),
    ],
)
def test_other_words_do_not(text):
    assert not asks_for_help(text)


def test_the_words_are_written_as_they_are_compared():
    assert [word for word in (*BEGINNINGS, *WHOLE) if folding.words(word) != {word}] == []
