"""Every mail as a person reads it, in `golden/<kind>[.<variant>].<language>.txt`.

After a change of a text or of a layout, write the files anew with `GOLDEN=rewrite`, and read the difference:

    GOLDEN=rewrite .venv/bin/python -m pytest -q tests/registrations/emails/test_golden.py
    git diff tests/registrations/emails/golden
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from feedback.emails import render_code
from project.outbox.services.bundles import kind_of, kinds
from tests.factories import NOW
from tests.registrations.emails.examples import DISCREET, EXAMPLES, TITLES, VARIANTS, Scene

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "golden"
IS_REWRITE = os.environ.get("GOLDEN") == "rewrite"
LANGUAGES = ("en", "nl")
FEEDBACK = "feedback-code"
SIGNED = re.compile(r"[0-9a-f]{32}(?:\.[0-9a-f]{32})?:[\w-]{20,}")
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def as_read(letter):
    """With a word for every token and key, which nobody reads."""
    calendar = letter.calendar and re.search(r"SUMMARY\S*?:(.*)", letter.calendar.content.decode())
    head = [
        f"From: {letter.sender_name or settings.MAIL_FROM_NAME}",
        f"Subject: {letter.subject}",
        f"Calendar: {letter.calendar.method}, {calendar[1].strip()}" if calendar else "Calendar: none",
    ]
    return KEY.sub("KEY", SIGNED.sub("TOKEN", "\n".join([*head, "", letter.text.strip(), ""])))


def rendered(kind, language, example, *, is_discreet=False):
    message = example(Scene(language, is_discreet=is_discreet), kind)
    letter = kind_of(message).render(message, NOW)
    assert letter, "this example is not true"
    return as_read(letter)


def check(name, text):
    path = FOLDER / f"{name}.txt"
    if IS_REWRITE:
        path.write_text(text)
    assert path.exists(), f"{path.name} is missing; see the docstring of this module"
    assert text == path.read_text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kinds())
def test_every_mail_reads_as_its_golden_text(kind, language):
    check(f"{kind}.{language}", rendered(kind, language, EXAMPLES[kind]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "variant"), VARIANTS)
def test_every_variant_reads_as_its_golden_text(kind, variant, language):
    check(f"{kind}.{variant}.{language}", rendered(kind, language, VARIANTS[kind, variant]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DISCREET)
def test_every_discreet_mail_reads_as_its_golden_text(kind, language):
    text = rendered(kind, language, EXAMPLES[kind], is_discreet=True)

    assert not [title for title in TITLES.values() if title in text]
    check(f"{kind}.discreet.{language}", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_with_a_feedback_code_reads_as_its_golden_text(language):
    """No kind of the outbox: it is never stored, because it would join a name and a code."""
    scene = Scene(language)

    check(
        f"{FEEDBACK}.{language}", as_read(render_code(session=scene.session, attendee=scene.person, code="DEMO-CODE"))
    )


def test_there_is_no_golden_text_that_no_mail_reads_as():
    cases = [
        FEEDBACK,
        *kinds(),
        *(f"{kind}.{variant}" for kind, variant in VARIANTS),
        *(f"{kind}.discreet" for kind in DISCREET),
    ]

    assert {path.name for path in FOLDER.iterdir()} == {
        f"{case}.{language}.txt" for case in cases for language in LANGUAGES
    }
