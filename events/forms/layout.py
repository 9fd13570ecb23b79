from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Folded(Fieldset):
    """Settings that few people change: folded away below an explanation; open if one has an error, or if told to."""

    template = "events/_folded_fields.html"

    def __init__(self, legend: StrOrPromise, *fields: Any, explanation: StrOrPromise, is_open: bool = False) -> None:
        super().__init__(legend, *fields)
        self.explanation, self.is_open = explanation, is_open

    def render(self, form: forms.BaseForm, context: Any, *args: Any, **kwargs: Any) -> Any:
        with context.push(is_open=self.is_open or any(name in form.errors for name in self.fields)):
            return super().render(form, context, *args, **kwargs)


def helper_of(layout: Layout) -> FormHelper:
    """The page writes the form element and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = layout
    return helper
