from __future__ import annotations

from django import forms


class SendForm(forms.Form):
    """One button; `previewed` identifies what was shown above it, so that nobody sends changes they have not seen."""

    previewed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
