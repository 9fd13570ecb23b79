"""Refusals have a stable code and a text that may be shown."""

from __future__ import annotations

import pytest

from project.text import texts
from registrations.services.refusals import (
    SIGNED_OUT,
    UnableToChange,
    UnableToRegister,
    legible,
    refuse_unless_active,
    refuse_unless_introduced,
)
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_each_code_has_a_text_and_an_unknown_one_asks_to_sign_in():
    assert UnableToRegister("full").text == "Every seat is taken."
    assert UnableToRegister("signed-out").text == str(SIGNED_OUT)
    assert str(UnableToRegister("full")) == "full"


def test_somebody_who_is_switched_off_is_signed_out():
    person = make_person()
    refuse_unless_introduced(person)
    person.is_active = False

    for refuse in (refuse_unless_active, refuse_unless_introduced):
        with pytest.raises(UnableToRegister) as refusal:
            refuse(person)
        assert refusal.value.code == "signed-out"


def test_somebody_without_a_name_may_act_but_not_claim_a_seat():
    person = make_person(name="")
    refuse_unless_active(person)

    with pytest.raises(UnableToRegister) as refusal:
        refuse_unless_introduced(person)
    assert refusal.value.code == "not-introduced"


def test_a_text_that_nobody_could_read_is_refused_beside_its_field():
    with pytest.raises(UnableToChange) as refusal:
        legible(texts.paragraphs, "a\ud800", field="body")

    assert (refusal.value.code, refusal.value.field) == ("unreadable", "body")
