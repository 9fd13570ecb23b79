"""What somebody wants from us: how sessions get into their calendar, in which language we write, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from project.accounts.enums import CalendarPreference
from project.accounts.forms import AddressField
from project.accounts.models import User
from project.accounts.services.preferences import HostProfile, Preferences
from project.text.fields import LineField

if TYPE_CHECKING:
    from django.http import QueryDict

CALENDAR_CHOICES = (
    (
        CalendarPreference.INVITE,
        _("An invitation in the email. It updates itself, and declining it gives your seat back."),
    ),
    (
        CalendarPreference.FEED,
        _("Only the calendar I subscribed to. Emails carry no invitation, so nothing shows up twice."),
    ),
    (CalendarPreference.NONE, _("No calendar entries. Emails say when and where, and my calendar stays as it is.")),
)


class PreferencesForm(forms.Form):
    calendar = forms.ChoiceField(label=_("In your calendar"), choices=CALENDAR_CHOICES, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of our emails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    wants_discreet_reminders = forms.BooleanField(
        label=_("Remind me of discreet sessions too"),
        required=False,
        help_text=_("Off unless you want it. The reminder says when, and nothing about what."),
    )

    def __init__(self, data: QueryDict | None = None, *, person: User) -> None:
        initial = {
            "calendar": person.calendar_preference,
            "language": person.language,
            "wants_discreet_reminders": person.wants_discreet_reminders,
        }
        super().__init__(data, initial=initial)

    @property
    def preferences(self) -> Preferences:
        return Preferences(**self.cleaned_data)


class AddressChangeForm(forms.Form):
    address = AddressField(
        label=_("New email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )


class PrivateAddressForm(forms.Form):
    address = AddressField(
        label=_("Private email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class HostProfileForm(forms.Form):
    """For people who lead sessions."""

    is_named_as_host = forms.BooleanField(
        label=_("Show my name on the pages of sessions that I lead"),
        required=False,
        help_text=_("Everybody can read these pages. Never on a discreet session."),
    )
    host_line_en = LineField(label=_("One line about you, in English"), required=False, max_length=160)
    host_line_nl = LineField(label=_("One line about you, in Dutch"), required=False, max_length=160)

    def __init__(self, data: QueryDict | None = None, *, person: User, prefix: str) -> None:
        initial = {name: getattr(person, name) for name in HostProfile.__dataclass_fields__}
        super().__init__(data, initial=initial, prefix=prefix)

    @property
    def profile(self) -> HostProfile:
        return HostProfile(**self.cleaned_data)
