from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from events.enums import SeatScope
from events.forms.fields import AudiencesField, JoinLinkField, UnitsField, codes
from events.forms.layout import helper_of
from events.forms.times import ClockField, DayField, LastDayField, WholeDaysField, times_of
from events.models import MAX_SEATS, Event, Session
from events.services.editing import SessionFacts
from project.text.fields import LineField

DEFAULT_TIMEZONE = "Europe/Amsterdam"
MAX_ROUNDS = 20


class SessionForm(forms.ModelForm[Session]):
    """One new date, entered in local time. `facts()` returns the argument of `editing.add_session`."""

    day = DayField(label=_("Date"))
    start, end = ClockField(label=_("From"), required=False), ClockField(label=_("Until"), required=False)
    is_all_day, last_day = WholeDaysField(), LastDayField()
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MAX_SEATS)
    join_url = JoinLinkField()
    round_number = forms.IntegerField(label=_("Round"), min_value=1, max_value=MAX_ROUNDS)
    audiences = AudiencesField(help_text=_("Tick nothing and the rule of the event holds."))
    units = UnitsField(help_text=_("Tick nothing and the rule of the event holds."))

    class Meta:
        model = Session
        fields = ("venue", "language", "has_waiting_list", "is_unlisted", "title_en", "title_nl")
        field_classes = {"title_en": LineField, "title_nl": LineField}
        help_texts = {"is_unlisted": _("It is not listed. You invite people by their address, whatever their group.")}

    field_order = (
        "day",
        "start",
        "end",
        "is_all_day",
        "last_day",
        "venue",
        "join_url",
        "capacity",
        "language",
        "has_waiting_list",
        "round_number",
    )

    def __init__(self, *args: Any, event: Event, timezone: str = DEFAULT_TIMEZONE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone = timezone
        if event.seat_scope != SeatScope.ROUND:
            del self.fields["round_number"]
        self.helper = helper_of(_session_layout(has_rounds=event.seat_scope == SeatScope.ROUND))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["starts_at"], cleaned["ends_at"] = times_of(self, day="day", timezone=self.timezone)
        if cleaned["starts_at"] and cleaned["ends_at"] and cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("end", _("The end comes before the start. Change one of them."))
        venue, seats = cleaned.get("venue"), cleaned.get("capacity")
        if not venue and not cleaned.get("join_url") and "join_url" not in self.errors:
            self.add_error("venue", _("Choose a room, or enter a link to join online."))
        if venue and seats and seats > venue.capacity:
            text = _("The room holds %(people)d people. Give fewer seats, or choose a larger room.")
            self.add_error("capacity", text % {"people": venue.capacity})
        return cleaned

    def facts(self) -> SessionFacts:
        cleaned = self.cleaned_data
        copied = (
            "venue",
            "join_url",
            "capacity",
            "language",
            "has_waiting_list",
            "is_unlisted",
            "title_en",
            "title_nl",
            "starts_at",
            "ends_at",
        )
        return SessionFacts(
            timezone=self.timezone,
            audiences=tuple(cleaned["audiences"]),
            units=codes(cleaned["units"]),
            round_number=cleaned.get("round_number"),
            **{name: cleaned[name] for name in copied},
        )


def _session_layout(*, has_rounds: bool) -> Layout:
    rounds = ("round_number",) if has_rounds else ()
    return Layout(
        Fieldset(_("When"), "day", Div("start", "end", css_class="side-by-side"), "is_all_day", "last_day", *rounds),
        Fieldset(_("Where"), "venue", "join_url"),
        Fieldset(_("Seats"), "capacity", "has_waiting_list", "language"),
        Fieldset(_("For whom"), "audiences", "units", "is_unlisted"),
        Fieldset(_("Own title, if it has one"), "title_en", "title_nl"),
    )
