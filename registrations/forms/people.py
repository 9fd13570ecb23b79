"""What an organiser decides about people: who is admitted, who gets a seat, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.forms.fields import AudiencesField, UnitsField, codes
from events.models import MAX_SEATS, Session
from events.services.moments import NonexistentTime, moment_at
from project.accounts.forms import AddressField
from project.text.fields import ParagraphsField
from registrations.forms.organize import ChangeForm
from registrations.services.organizing.by_hand import FIRST, LAST
from registrations.services.organizing.holds import Hold
from registrations.services.reasons import LONGEST_REASON

if TYPE_CHECKING:
    from datetime import date, datetime, time

BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")
LONGEST_LIST = 60_000


class _PlainForm(forms.Form):
    """The page writes the form element and its buttons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class AddressesForm(_PlainForm):
    addresses = forms.CharField(
        label=_("Email addresses"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6, "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("One on each line, or with commas between them."),
    )

    def clean_addresses(self) -> list[str]:
        """Identifies an invalid address by its number, so that the address itself appears only in the field."""
        said = [text for text in BETWEEN_ADDRESSES.split(self.cleaned_data["addresses"]) if text]
        wrong = [number for number, text in enumerate(said, start=1) if not _is_address(text)]
        if wrong or not said:
            text = _("Address number %(number)d is no email address.")
            raise ValidationError(text, params={"number": wrong[0] if wrong else 1})
        return said


class RefusalForm(_PlainForm):
    reason = ParagraphsField(
        label=_("Reason, if you want to give one"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("The person reads it in the email."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SeatForm(_PlainForm):
    reason = ParagraphsField(
        label=_("Why out of order?"),
        max_length=LONGEST_REASON,
        help_text=_("It is logged, and the person can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PriorityForm(SeatForm):
    priority = forms.IntegerField(
        label=_("Turn"),
        min_value=FIRST,
        max_value=LAST,
        help_text=_("Lower comes first: -1 is before everybody with 0, which is usual; 1 is after them."),
    )
    field_order = ("priority", "reason")


class HoldForm(ChangeForm):
    seats = forms.IntegerField(
        label=_("Seats held"), min_value=0, max_value=MAX_SEATS, help_text=_("0 holds nothing any more.")
    )
    audiences = AudiencesField(help_text=_("Tick nothing and any group will do."))
    units = UnitsField(help_text=_("Tick nothing and any unit will do."))
    day = forms.DateField(
        label=_("Held until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    time = forms.TimeField(
        label=_("At"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        until = session.held_until.astimezone(session.zone) if session.held_until and session.held_seats else None
        initial = {
            "seats": session.held_seats,
            "audiences": list(session.held_audiences),
            "units": list(session.held_units),
            "day": until and until.date(),
            "time": until and until.time(),
        }
        super().__init__(*args, session=session, initial=initial, **kwargs)

    def layout(self) -> Layout:
        return Layout("seats", "audiences", "units", Div("day", "time", css_class="side-by-side"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        said["until"] = self._until()
        return said

    @property
    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        audiences, units = tuple(said["audiences"]), codes(said["units"])
        return {"hold": Hold(seats=said["seats"], audiences=audiences, units=units, until=said["until"])}

    def _until(self) -> datetime | None:
        day: date | None = self.cleaned_data.get("day")
        at: time | None = self.cleaned_data.get("time")
        if day is None and at is None:
            return None
        if day is None or at is None:
            missing = "day" if day is None else "time"
            if missing not in self.errors:
                self.add_error(missing, _("Give both, a day and a time."))
            return None
        try:
            return moment_at(day=day, at=at, timezone=self.session.timezone)
        except NonexistentTime as gap:
            self.add_error("time", gap.reason)
        except OverflowError:
            self.add_error("day", _("Choose a date nearer to today."))
        return None


def _is_address(text: str) -> bool:
    try:
        AddressField().clean(text)
    except ValidationError:
        return False
    return True
