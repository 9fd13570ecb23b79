from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.fields import CoordinatorsField
from events.models import Event
from project.accounts.models import User
from project.text.fields import LineField
from registrations.services.organizing.coordinators import possible_coordinators


class CoordinatorsForm(forms.Form):
    """The two people who see the names of a discreet event, and why these two."""

    coordinators = CoordinatorsField()
    reason = LineField(
        label=_("Why"), max_length=300, help_text=_("Everybody concerned reads it. No names of people who come.")
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"coordinators": event.coordinators.all()}
        choices = self.fields["coordinators"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)  # noqa: S101  # tells the type checker what the class says
        choices.queryset = User.objects.filter(pk__in=[person.pk for person in possible_coordinators()]).order_by(
            "name", "pk"
        )
        choices.required = True
        self.helper = FormHelper()
        self.helper.form_tag = False
