from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.enums import ANSWERS
from feedback.rules.questionnaire import ITEMS, Item
from project.text.fields import ParagraphsField

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class Question:
    """An item on the page: one field, or two side by side."""

    number: int
    item: Item
    fields: tuple[BoundField, ...]


class AnswerForm(forms.Form):
    """The code and all eight items on one page: asking for the code first would reveal whether it is valid.

    So the page does not know which items a conference leaves out; casting the ballot drops the answers to those.
    """

    code = forms.CharField(
        label=_("Your code"),
        max_length=100,
        help_text=_("It is in our email. Capitals, spaces and dashes do not matter."),
        error_messages={"required": _("Please copy the code from our email.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            for name in item.fields:
                self.fields[name] = _comment_field() if item.is_comment else _rating_field()

    def clean(self) -> dict[str, Any]:
        """Refuses an empty page: most likely a mistake, and it would spend the code."""
        cleaned = super().clean() or {}
        if not self.errors and not any(self.answers.values()):
            raise ValidationError(_("Please answer at least one question. You may skip all the others."), code="empty")
        return cleaned

    @property
    def answers(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "code"}

    def questions(self) -> list[Question]:
        return [
            Question(number, item, tuple(self[name] for name in item.fields))
            for number, item in enumerate(ITEMS, start=1)
        ]


def _rating_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=[(answer.value, answer.label) for answer in ANSWERS],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the answers below.")},
    )


def _comment_field() -> ParagraphsField:
    return ParagraphsField(required=False, max_length=LONGEST_COMMENT)
