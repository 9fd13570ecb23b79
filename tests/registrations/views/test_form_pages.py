"""How a form that was sent is answered."""

from __future__ import annotations

import pytest
from django import forms

from events.services.refusals import UnableToChange
from registrations.views.form_pages import accepted

pytestmark = pytest.mark.django_db


class SeatsForm(forms.Form):
    seats = forms.IntegerField()


def refuse(field):
    raise UnableToChange("too-many", "That is too many.", field=field)


def test_a_form_that_is_wrong_asks_no_verb():
    assert accepted(SeatsForm({"seats": "x"}), lambda: refuse("seats")) is None


def test_what_the_verb_answers_is_passed_on():
    assert accepted(SeatsForm({"seats": "3"}), lambda: "done") == "done"


@pytest.mark.parametrize(("field", "beside"), [("seats", "seats"), ("elsewhere", "__all__"), ("", "__all__")])
def test_a_refusal_stands_beside_its_field_or_above_all(field, beside):
    form = SeatsForm({"seats": "3"})

    assert accepted(form, lambda: refuse(field)) is None
    assert form.errors == {beside: ["That is too many."]}
