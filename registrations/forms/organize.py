from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.fields import JoinLinkField
from events.forms.times import ClockField, DayField, LastDayField, WholeDaysField, times_of
from events.models import MAX_SEATS, Session, Venue
from events.models.timezones import last_day_of, whole_days
from events.services.moments import day_of_end


class ChangeForm(forms.Form):
    """A change in two steps: a preview in words, then the confirmation.
    `previewed` records what the preview was about: changing a field afterwards leads to a new preview, not to a
    surprise.
    """

    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)
    previewed = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.helper = FormHelper()
        self.helper.form_tag = False  # the page writes the form element, the hidden fields and the buttons
        self.helper.layout = self.layout()

    def layout(self) -> Layout:
        return Layout(*(field.name for field in self.visible_fields()))

    @property
    def fingerprint(self) -> str:
        return "|".join(str(field.value() or "") for field in self.visible_fields())

    @property
    def is_confirmed(self) -> bool:
        seen = self.cleaned_data.get("previewed") or self.fingerprint
        return bool(self.cleaned_data.get("confirm")) and seen == self.fingerprint

    @property
    def facts(self) -> dict[str, Any]:
        """The arguments of the verb besides the session and the clock."""
        return {field.name: self.cleaned_data[field.name] for field in self.visible_fields()}


class CapacityForm(ChangeForm):
    capacity = forms.IntegerField(label=_("Seats"), min_value=0, max_value=MAX_SEATS)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, session=session, initial={"capacity": session.capacity}, **kwargs)


class MoveForm(ChangeForm):
    """Another date or time, entered as local time of the session."""

    date = DayField(label=_("Date"))
    start, end = ClockField(label=_("From"), required=False), ClockField(label=_("Until"), required=False)
    is_all_day, last_day = WholeDaysField(), LastDayField()

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        start, end = session.local_start, session.local_end
        initial: dict[str, Any] = {"date": start.date(), "start": start.time(), "end": end.time()}
        if whole_days(session.starts_at, session.ends_at, session.timezone):
            initial = {"date": start.date(), "is_all_day": True}
        if day_of_end(day=start.date(), start=start.time(), end=end.time(), last_day=None) != end.date():
            initial["last_day"] = last_day_of(end)
        super().__init__(*args, session=session, initial=initial, **kwargs)

    def layout(self) -> Layout:
        return Layout("date", Div("start", "end", css_class="side-by-side"), "is_all_day", "last_day")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        said["starts_at"], said["ends_at"] = times_of(self, day="date", timezone=self.session.timezone)
        return said

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_at", "ends_at")}


class PlaceForm(ChangeForm):
    venue = forms.ModelChoiceField(
        Venue.objects.all(), label=_("Room"), required=False, empty_label=_("No room, only online")
    )
    join_url = JoinLinkField()

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        initial = {"venue": session.venue_id, "join_url": session.join_url}
        super().__init__(*args, session=session, initial=initial, **kwargs)
