"""Refusals have a stable code and a text that may be shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registrations.services.refusals import REFUSALS, UnableToRegister, refuse_unless_active
from tests.architecture import sources
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_a_refusal_has_a_stable_code_and_a_text_for_people():
    assert UnableToRegister("full").text == "Every seat is taken."
    assert UnableToRegister("signed-out").text == "Sign in first."
    assert str(UnableToRegister("full")) == "full"


def test_every_code_in_the_source_has_a_text():
    raised = {
        code
        for text in map(Path.read_text, sources.modules())
        for code in re.findall(r'UnableToRegister\("([\w-]+)"', text)
    }

    assert "signed-out" in raised
    assert raised <= REFUSALS.keys()


def test_somebody_who_is_switched_off_is_signed_out():
    person = make_person()
    refuse_unless_active(person)
    person.is_active = False

    with pytest.raises(UnableToRegister) as refusal:
        refuse_unless_active(person)

    assert refusal.value.code == "signed-out"
