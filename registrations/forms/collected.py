from __future__ import annotations

from django import forms


class SendForm(forms.Form):
    """One button; `previewed` names what stood above it, so that nobody sends what they have not looked at."""

    previewed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
