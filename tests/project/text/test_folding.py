from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.text.folding import Term, has, nearest, similar, terms, words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("LEADERSHIP", "leadership"),
        ("Café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Straße", "STRASSE"),
        ("Søren", "Soren"),
        ("Łukasz", "lukasz"),
        ("Đorđe", "dorde"),
        ("\u0131l\u0131k", "ILIK"),
        ("İstanbul", "istanbul"),
        ("ﬁlm", "film"),
        ("ĳsbreker", "ijsbreker"),
        ("æon œuvre", "aeon oeuvre"),
        ("programma’s", "programma's"),
        ("programma`s", "programmas"),
        ("d\u02bcAccord", "daccord"),
        ("e\u2011mail", "e-mail"),
        ("e\u2013mail", "email"),
        ("social-safety", "socialsafety"),
        ("lea\u00adder", "leader"),
        ("lea\u200bder", "leader"),
        ("\u202eleader\u202c", "leader"),
        ("\uff11\uff12", "12"),
        ("ΟΔΟΣ", "οδος"),
        ("\U0001d543eader", "leader"),
    ],
)
def test_words_ignores_case_accents_and_punctuation(typed, found):
    assert [term.word for term in terms(typed)] == [term.word for term in terms(found)]


@pytest.mark.parametrize(
    "text", ["", "   ", "!?", "%", "_", "\\", "\x00", "'", "''", "-", "--", "\u200b", "\u202e", "…", '"']
)
def test_punctuation_alone_gives_no_words(text):
    assert terms(text) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("🎭", {"🎭"}), ("מנהיגות", {"מנהיגות"}), ("50%", {"50"}), ("a_b\\c", {"a", "b", "c"})]
)
def test_pictures_and_other_scripts_are_words(text, expected):
    assert words(text) == expected


def test_a_word_with_hyphens_also_gives_its_parts():
    assert terms("co-creatie") == [Term("cocreatie", ("co", "creatie"))]
    assert words("co-creatie") == {"cocreatie", "co", "creatie"}
    assert has("co creatie", terms("co-creatie")[0])
    assert has("cocreatie", terms("co-creatie")[0])
    assert not has("co", terms("co-creatie")[0])


@given(st.text())
def test_folding_is_idempotent(text):
    once = words(text)

    assert words(" ".join(once)) == once
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))
    assert not any(sign in word for word in once for sign in "\x00%_\\ ")


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("leaderschip", "leadership"),
        ("leadrship", "leadership"),
        ("ledaership", "leadership"),
        ("leadershipp", "leadership"),
        ("workhsop", "workshop"),
        ("worksop", "workshop"),
        ("bystender", "bystander"),
        ("confernece", "conference"),
        ("mial", "mail"),
        ("leiderchap", "leiderschap"),
    ],
)
def test_nearest_finds_a_word_with_a_typo(typed, known):
    vocabulary = ["leadership", "workshop", "bystander", "conference", "mail", "leiderschapsdag", "theatre", "and"]

    assert nearest(typed, vocabulary) == [known]


@pytest.mark.parametrize("typed", ["art", "xyzzy", "quantum", "theaters-of-war", "mindlab"])
def test_nearest_ignores_other_words(typed):
    assert nearest(typed, ["leadership", "workshop", "mail", "and"]) == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("leiderschap", ["leiderschap", "leiderschapsontwikkeling"]),
        ("leaderschip", ["leadership"]),
        ("bystanders", ["bystander"]),
        ("xyzzy", []),
    ],
)
def test_words_that_look_alike_share_pieces(word, expected):
    known = ["aula", "bystander", "culture", "leadership", "leiderschap", "leiderschapsontwikkeling", "mindlab"]

    assert similar(word, known)[: len(expected) or None] == expected
