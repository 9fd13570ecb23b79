from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from project.accounts.forms import AddressField

SHORTEST_SEARCH = 2


class DoorSearch(forms.Form):
    """Who is standing in front of me? A few letters of the name or the address; for a discreet session the reference in
    the mail.
    """

    q = forms.CharField(label=_("Search"), required=False, max_length=100, min_length=SHORTEST_SEARCH)

    @property
    def text(self) -> str:
        found: str = self.cleaned_data["q"] if self.is_valid() else ""
        return found


class DoorTick(forms.Form):
    """One row of the door page, by its opaque key."""

    registration = forms.UUIDField()


class WalkIn(forms.Form):
    """Somebody without a seat, by mail address."""

    address = AddressField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
