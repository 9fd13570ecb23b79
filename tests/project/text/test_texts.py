from __future__ import annotations

import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError

from project.text import texts
from project.text.fields import LineField, NameField, ParagraphsField

PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # "I want", which is written with a joiner
PROGRAMMER = "\U0001f469\U0001f3fd\u200d\U0001f4bb"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann de Vries\n", "Ann de Vries"),
        ("  Ann\t de \u00a0 Vries\u2003", "Ann de Vries"),
        ("Ann\r\nBcc: x", "Ann Bcc: x"),
        ("Ann\u2028de\u2029Vries\x85!\x0b!\x0c!\x1f!", "Ann de Vries ! ! ! !"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Ann\u202egnp.exe", "Anngnp.exe"),
        ("\u2066Ann\u2069 \u200fde\u200e \u061cVries", "Ann de Vries"),
        ("An\u200bn\ufeff\u00ad\u2060", "Ann"),
        ("An\u200dn\u200c", "Ann"),
        ("A\U000e0041nn", "Ann"),
        (PERSIAN, PERSIAN),
        (PROGRAMMER, PROGRAMMER),
        (SCOTLAND, SCOTLAND),
        ("\u200b\u202e \u3164\u2800\u115f\u0301", ""),
    ],
)
def test_one_line_keeps_visible_characters(typed, kept):
    assert texts.one_line(typed) == kept


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ud800", "\ue000", "\U0010ffff", "\u0378"])
@pytest.mark.parametrize("rule", [texts.one_line, texts.paragraphs])
def test_control_and_unassigned_characters_are_refused(rule, sign):
    with pytest.raises(texts.UnreadableText, match="control character"):
        rule(f"Ann{sign}")


def test_one_line_handles_every_character():
    """What is kept is in NFC, on one line, and has no invisible characters or marks of reading direction."""
    for code in (*range(0x10000), *range(0x1F000, 0x20000), *range(0xE0000, 0xE0200), sys.maxunicode):
        try:
            kept = texts.one_line(f"a{chr(code)}b")
        except texts.UnreadableText:
            continue
        assert unicodedata.is_normalized("NFC", kept)
        assert len(kept.splitlines()) == 1
        assert not {unicodedata.category(sign) for sign in kept if sign not in texts.NUMBER_SIGNS} & {
            "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"
        }  # fmt: skip


def test_paragraphs_keeps_lines():
    assert texts.paragraphs(" One\u202e \r\n* two\x0b\n\n\n\n\tThree\n") == "One\n* two\n\n Three"


@pytest.mark.parametrize(
    "name",
    [
        "Win 1000 EUR evil.example/claim",
        "Ann (evil.example)",
        "see https://x",
        "HTTP://X.NL",
        "www.tudelft.nl",
        "ann@demo.example",
        "evil\u3002example",
        "evil\uff0eexample",
        "Ann t.co",
        "x.nl/a",
        "mailto:ann",
        "tel:0031",
        "1.2.3.4",
        "Dr.evil.com",
        "\u0431\u0430\u043d\u043a.\u0440\u0444",
    ],
)
def test_leads_somewhere_finds_links(name):
    assert texts.leads_somewhere(name)


@pytest.mark.parametrize(
    "name",
    [
        "J. Jansen",
        "J.R.R. Tolkien",
        "J.P.Morgan",
        "Prof.dr.ir. A.B. de Vries, MSc.",
        "Mw.drs. Ann v.d. Berg",
        "O\u2019Brien-Smith Jr.",
        "Jansen/de Vries",
        "Ann (she/her)",
        PERSIAN,
        "Who... me?",
    ],
)
def test_leads_somewhere_accepts_names(name):
    assert not texts.leads_somewhere(name)


def test_line_field_limits_the_length_of_the_stored_text():
    """U+FB2C is one character as typed, and three in NFC."""
    with pytest.raises(ValidationError, match="at most 5"):
        LineField(max_length=5).clean("\ufb2c\ufb2c")
    assert LineField(max_length=5).clean("Ann\u200b\u200b\u200b\u200b") == "Ann"


@pytest.mark.parametrize("field", [LineField(), ParagraphsField(), NameField()])
def test_fields_refuse_invisible_texts(field):
    with pytest.raises(ValidationError, match="required"):
        field.clean("\u200b\u2800")
    with pytest.raises(ValidationError, match="control character"):
        field.clean("Ann\x07")
