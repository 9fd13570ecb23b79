from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from events.models import Event
from project.accounts.enums import Audience
from project.accounts.models import Unit, User


class AudiencesField(forms.MultipleChoiceField):
    """Nothing ticked means everybody."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("For whom"), choices=Audience.choices, required=False, **kwargs)


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    """Nothing ticked means all units. Stores codes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Unit.objects.all(), label=_("Only for these units"), required=False, to_field_name="code", **kwargs
        )


class JoinLinkField(forms.URLField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Link to join online"),
            max_length=500,
            required=False,
            assume_scheme="https",
            validators=[URLValidator(schemes=["https", "http"])],
            help_text=_("Only people who have a seat see it."),
        )


class PrerequisiteField(forms.ModelChoiceField[Event]):
    """Shows titles: the string of an event is its slug."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("Only people who attended that event can sign up. Nobody loses a seat when you set this later.")
        nothing = _("Nothing")
        super().__init__(
            Event.objects.none(),
            label=_("First attend"),
            required=False,
            empty_label=nothing,
            help_text=help_text,
            **kwargs,
        )

    def label_from_instance(self, obj: Event) -> str:
        return obj.title


class CoordinatorsField(forms.ModelMultipleChoiceField[User]):
    """Shows names: the string of a user is a key, because it ends up in logs."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("Only for a discreet event: the two people who see names.")
        super().__init__(User.objects.none(), label=_("Coordinators"), required=False, help_text=help_text, **kwargs)

    def label_from_instance(self, obj: User) -> str:
        return obj.name or obj.email


def codes(units: Any) -> tuple[str, ...]:
    return tuple(unit.code for unit in units)
