"""The form data of what people ask for: dates to wait for, another date, a colleague, a choice in each round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.enums import IN_ONE_LANGUAGE
from project.accounts.forms import AddressField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NONE = "none"


class KeysField(forms.Field):
    """Keys of dates, without duplicates; the verb decides which of them may be chosen."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        return list(dict.fromkeys(_key(text) for text in value or []))


class WaitForm(forms.Form):
    """The dates to wait for: some, any (in one language or either), or none; `first` takes the first free seat on any
    date; `adds` keeps the existing ones.
    """

    dates = KeysField(required=False)
    any = forms.BooleanField(required=False)
    first = forms.BooleanField(required=False)
    adds = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=[("", _("any language")), *IN_ONE_LANGUAGE], required=False)

    @property
    def answers(self) -> dict[str, Any]:
        """What was asked for, in a form that JSON can store."""
        return self.cleaned_data | {"dates": [str(key) for key in self.cleaned_data["dates"]]}


class SwapForm(forms.Form):
    """The date to move to."""

    session = forms.UUIDField()


class AnswerForm(forms.Form):
    """Yes or no to an offered seat."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes, I’ll come")), ("no", _("No thanks"))])

    @property
    def is_yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")


class ColleagueForm(forms.Form):
    """The colleague to invite."""

    address = AddressField(
        label=_("Their email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ChoiceForm(forms.Form):
    """One choice in each round of a conference: `round-<key of the round>` is the key of a session, or `none`."""

    def __init__(self, data: Mapping[str, Any], *, rounds: Iterable[UUID]) -> None:
        super().__init__(data)
        self.rounds = list(rounds)
        self.fields["adds"] = forms.BooleanField(required=False)
        for key in self.rounds:
            self.fields[f"round-{key}"] = forms.CharField(required=False, max_length=36)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.choices = {
            key: None if said[f"round-{key}"] == NONE else _key(said[f"round-{key}"])
            for key in self.rounds
            if said.get(f"round-{key}")
        }
        return said

    @property
    def answers(self) -> dict[str, Any]:
        """The choices, in a form that JSON can store."""
        choices = {str(key): str(chosen) if chosen else None for key, chosen in self.choices.items()}
        return {"choices": choices, "adds": self.cleaned_data["adds"]}


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as unreadable:
        raise ValidationError(_("These are no dates of this page."), code="invalid") from unreadable
