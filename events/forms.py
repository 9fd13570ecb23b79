from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.enums import SeatScope
from events.models import MOST_SEATS, Event, Session
from events.services.editing import TEXT_FIELDS, EventFacts, SessionFacts
from events.services.moments import NonexistentTime, moment_at
from project.accounts.enums import Audience, RoleKind
from project.accounts.models import Unit, User
from project.accounts.services.roles import rights_of

if TYPE_CHECKING:
    from datetime import date, datetime, time

DEFAULT_TIMEZONE = "Europe/Amsterdam"
FIXED_LATER = ("kind", "is_discreet", "seat_scope")
MOST_ROUNDS = 20
MOST_HOURS = 24 * 60


class AudiencesField(forms.MultipleChoiceField):
    """Nothing ticked means everybody."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("For whom"), choices=Audience.choices, required=False, **kwargs)


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    """Nothing ticked means all of them; the codes are what is stored."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Unit.objects.all(), label=_("Only for these units"), required=False, to_field_name="code", **kwargs
        )


class CoordinatorsField(forms.ModelMultipleChoiceField[User]):
    """By name: a person's string is a key, because it ends up in logs."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("Only for a discreet event: the two people who see names.")
        super().__init__(User.objects.none(), label=_("Coordinators"), required=False, help_text=help_text, **kwargs)

    def label_from_instance(self, obj: User) -> str:
        return obj.name or obj.email


class EventForm(forms.ModelForm[Event]):
    """What an event says and for whom it is. `facts()` is what `editing.create_event` and `editing.edit_event` take."""

    audiences = AudiencesField(help_text=_("Tick nothing and everybody may come. A date can have its own rule."))
    units = UnitsField(help_text=_("Tick nothing and all faculties and services may come."))
    coordinators = CoordinatorsField()
    cancel_until_hours = forms.IntegerField(
        label=_("Hours before the start after which giving a seat back counts as late"),
        min_value=0,
        max_value=MOST_HOURS,
        initial=24,
    )

    class Meta:
        model = Event
        fields = ("kind", "owner", "is_discreet", "coordinators", "seat_scope", "cancel_until_hours", *TEXT_FIELDS)
        widgets = {
            name: forms.Textarea(attrs={"rows": 5}) for name in TEXT_FIELDS if not name.startswith(("title", "summary"))
        }
        labels = {"seat_scope": _("One person may have")}
        help_texts = {
            "is_discreet": _(
                "Nothing in a mail subject, a calendar or an address tells what it is. Cannot be changed later."
            ),
        }

    def __init__(self, *args: Any, organizer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = rights_of(organizer)
        mine = Unit.objects.all() if rights.organizes_everywhere else Unit.objects.filter(pk__in=rights.organized_units)
        self._choices("owner").queryset = mine
        self._choices("coordinators").queryset = _coordinators(self.instance)
        self.initial.update(audiences=list(self.instance.audiences), units=list(self.instance.units))
        if self.instance.pk:
            for name in FIXED_LATER:
                del self.fields[name]
        self.helper = _helper(_event_layout(is_new=not self.instance.pk))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("title_en") or cleaned.get("title_nl")) and not self.errors:
            self.add_error("title_en", _("Give a title, in English or in Dutch."))
        return cleaned

    def facts(self) -> EventFacts:
        said = self.cleaned_data
        fixed = {name: said.get(name, getattr(self.instance, name)) for name in FIXED_LATER}
        return EventFacts(
            owner=said["owner"],
            audiences=tuple(said["audiences"]),
            units=_codes(said["units"]),
            cancel_until_hours=said["cancel_until_hours"],
            coordinators=list(said["coordinators"]),
            texts={name: said[name] for name in TEXT_FIELDS},
            **fixed,
        )

    def _choices(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # tells the type checker what Meta.fields makes
        return field


class SessionForm(forms.ModelForm[Session]):
    """One new date, entered as a clock on the wall there shows it. `facts()` is what `editing.add_session` takes."""

    day = forms.DateField(label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    end = forms.TimeField(label=_("Until"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)
    join_url = forms.URLField(
        label=_("Link to join online"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Only people who have a seat see it."),
    )
    round_number = forms.IntegerField(label=_("Round"), min_value=1, max_value=MOST_ROUNDS)
    audiences = AudiencesField(help_text=_("Tick nothing and the rule of the event holds."))
    units = UnitsField(help_text=_("Tick nothing and the rule of the event holds."))

    class Meta:
        model = Session
        fields = ("venue", "language", "has_waiting_list", "title_en", "title_nl")

    field_order = (
        "day",
        "start",
        "end",
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
        self.helper = _helper(_session_layout(has_rounds=event.seat_scope == SeatScope.ROUND))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        said["starts_at"] = self._moment("start")
        said["ends_at"] = self._moment("end")
        if said["starts_at"] and said["ends_at"] and said["ends_at"] <= said["starts_at"]:
            self.add_error("end", _("The end comes before the start. Change one of them."))
        venue, seats = said.get("venue"), said.get("capacity")
        if not venue and not said.get("join_url") and "join_url" not in self.errors:
            self.add_error("venue", _("Choose a room, or enter a link to join online."))
        if venue and seats and seats > venue.capacity:
            text = _("The room holds %(people)d people. Give fewer seats, or choose a larger room.")
            self.add_error("capacity", text % {"people": venue.capacity})
        return said

    def facts(self) -> SessionFacts:
        said = self.cleaned_data
        copied = (
            "venue",
            "join_url",
            "capacity",
            "language",
            "has_waiting_list",
            "title_en",
            "title_nl",
            "starts_at",
            "ends_at",
        )
        return SessionFacts(
            timezone=self.timezone,
            audiences=tuple(said["audiences"]),
            units=_codes(said["units"]),
            round_number=said.get("round_number"),
            **{name: said[name] for name in copied},
        )

    def _moment(self, name: str) -> datetime | None:
        day: date | None = self.cleaned_data.get("day")
        at: time | None = self.cleaned_data.get(name)
        if day is None or at is None:
            return None
        try:
            return moment_at(day=day, at=at, timezone=self.timezone)
        except NonexistentTime as gap:
            self.add_error(name, gap.reason)
        except OverflowError:
            self.add_error("day", _("Choose a date nearer to today."))
        return None


def _coordinators(event: Event) -> Any:
    """Who may be chosen: coordinators of the programme, and who is named on the event already."""
    named = Q(coordinated_events=event) if event.pk else Q()
    is_eligible = Q(roles__kind=RoleKind.COORDINATOR) | named
    return User.objects.filter(is_eligible, is_active=True).distinct().order_by("name", "pk")


def _codes(units: Any) -> tuple[str, ...]:
    return tuple(unit.code for unit in units)


def _helper(layout: Layout) -> FormHelper:
    """The page writes the form element and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = layout
    return helper


def _event_layout(*, is_new: bool) -> Layout:
    once = ("kind", "seat_scope", "is_discreet") if is_new else ()
    return Layout(
        Fieldset(
            _("What it is"), "title_en", "title_nl", "summary_en", "summary_nl", "description_en", "description_nl"
        ),
        Fieldset(_("Before and after"), "content_note_en", "content_note_nl", "aftercare_en", "aftercare_nl"),
        Fieldset(_("For whom"), "audiences", "units"),
        Fieldset(_("How it runs"), "owner", *once, "cancel_until_hours", "coordinators"),
    )


def _session_layout(*, has_rounds: bool) -> Layout:
    rounds = ("round_number",) if has_rounds else ()
    return Layout(
        Fieldset(_("When"), "day", Div("start", "end", css_class="side-by-side"), *rounds),
        Fieldset(_("Where"), "venue", "join_url"),
        Fieldset(_("Seats"), "capacity", "has_waiting_list", "language"),
        Fieldset(_("For whom"), "audiences", "units"),
        Fieldset(_("Own title, if it has one"), "title_en", "title_nl"),
    )
