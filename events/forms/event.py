from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.forms.fields import AudiencesField, CoordinatorsField, PrerequisiteField, UnitsField, codes
from events.forms.layout import Folded, helper_of
from events.forms.picture import (
    EXPLANATION,
    PICTURE_FIELDS,
    DescriptionField,
    PictureField,
    picture_change,
    picture_errors,
)
from events.models import Event, Picture
from events.services.editing import OFFER_LEAST, OFFER_MOST, ONE_LINE_TEXTS, TEXT_FIELDS, EventFacts
from project.accounts.enums import RoleKind
from project.accounts.models import Unit, User
from project.accounts.services.roles import rights_of
from project.text.fields import LineField, ParagraphsField

if TYPE_CHECKING:
    from project.accounts.rules import Rights

FIXED_LATER = ("kind", "is_discreet", "seat_scope")
CLOCK_FIELDS = ("seated_until_hours", "offered_until_hours", "offer_working_hours")
MAX_HOURS = 24 * 60
WAITING_LIST = _(
    "Usually: when a seat comes free, it is booked at once for whoever is next, as long as the start is more than "
    "three days away. After that it is offered, and they have twelve working hours to answer; in the last four hours "
    "it is for whoever takes it first. These numbers suit nearly every event."
)
QUESTIONS = _(
    "Whatever people keep asking you: each question on a line of its own, ending with a question mark, and its answer "
    "below it."
)


class EventForm(forms.ModelForm[Event]):
    """A new or existing event. `facts()` returns the argument of `editing.create_event` and `editing.edit_event`."""

    audiences = AudiencesField(help_text=_("Tick nothing and everybody may come. A date can have its own rule."))
    units = UnitsField(help_text=_("Tick nothing and all faculties and services may come."))
    coordinators = CoordinatorsField()
    prerequisite = PrerequisiteField()
    cancel_until_hours = forms.IntegerField(
        label=_("Hours before the start after which giving a seat back counts as late"),
        min_value=0,
        max_value=MAX_HOURS,
        initial=24,
    )
    seated_until_hours = forms.IntegerField(
        label=_("Book a free seat at once until so many hours before the start"),
        min_value=0,
        max_value=MAX_HOURS,
        initial=72,
        required=False,
        help_text=_("With an easy way back for people who cannot come after all."),
    )
    offered_until_hours = forms.IntegerField(
        label=_("Then offer it until so many hours before the start"),
        min_value=0,
        max_value=MAX_HOURS,
        initial=4,
        required=False,
        help_text=_("After that it is for whoever takes it first."),
    )
    offer_working_hours = forms.IntegerField(
        label=_("Working hours to answer an offer"),
        min_value=OFFER_LEAST,
        max_value=OFFER_MOST,
        initial=12,
        required=False,
        help_text=_("Monday to Friday from 8:00 to 20:00, without public holidays."),
    )

    picture = PictureField()
    picture_alt_en = DescriptionField(_("What it shows, in English"))
    picture_alt_nl = DescriptionField(_("What it shows, in Dutch"))
    remove_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    sends_update = forms.BooleanField(
        label=_("Send the new text to everybody with a seat"),
        required=False,
        help_text=_("Their calendar entry is updated; nobody has to answer again."),
    )

    class Meta:
        model = Event
        fields = (
            "kind",
            "owner",
            "is_discreet",
            "coordinators",
            "seat_scope",
            "coming_again",
            "cancel_until_hours",
            "needs_approval",
            "prerequisite",
            *CLOCK_FIELDS,
            *TEXT_FIELDS,
        )
        widgets = {
            name: forms.Textarea(attrs={"rows": 5}) for name in TEXT_FIELDS if not name.startswith(ONE_LINE_TEXTS)
        }
        field_classes = {
            name: LineField if name.startswith(ONE_LINE_TEXTS) else ParagraphsField for name in TEXT_FIELDS
        }
        labels = {"seat_scope": _("One person may have")}
        help_texts = {
            "is_discreet": _(
                "Nothing in an email subject, a calendar or an address tells what it is. Cannot be changed later."
            ),
            "coming_again": _("People who were absent or excused can take a seat like anybody else."),
            "needs_approval": _("People ask for a seat; you approve them or turn them down on the page of the date."),
        }

    def __init__(self, *args: Any, organizer: User, reaches_people: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = rights_of(organizer)
        mine = Unit.objects.all() if rights.organizes_everywhere else Unit.objects.filter(pk__in=rights.organized_units)
        self._choices("owner").queryset = mine
        self._choices("coordinators").queryset = _coordinators(self.instance)
        self._choices("prerequisite").queryset = _possible_prerequisites(self.instance, rights)
        self.initial.update(audiences=list(self.instance.audiences), units=list(self.instance.units))
        if self.instance.pk:
            for name in FIXED_LATER:
                del self.fields[name]
        self.fields["coming_again"].required = False  # left empty: the usual value
        if not reaches_people:
            del self.fields["sends_update"]
        self.current_picture = Picture.objects.defer("webp", "avif").filter(event_id=self.instance.pk).first()
        self._settle_picture()
        self.helper = helper_of(_event_layout(self, reaches_people=reaches_people))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("title_en") or cleaned.get("title_nl")) and not self.errors:
            self.add_error("title_en", _("Give a title, in English or in Dutch."))
        for name in CLOCK_FIELDS:
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = self.fields[name].initial  # left empty: the usual value
        if (
            not self.errors.keys() & set(CLOCK_FIELDS)
            and cleaned["seated_until_hours"] < cleaned["offered_until_hours"]
        ):
            text = _("Offers come after this, so it cannot be less than the %(hours)d hours below.")
            self.add_error("seated_until_hours", text % {"hours": cleaned["offered_until_hours"]})
        self._check_picture(cleaned)
        return cleaned

    @property
    def wants_update_sent(self) -> bool:
        return bool(self.cleaned_data.get("sends_update"))

    def facts(self) -> EventFacts:
        cleaned = self.cleaned_data
        fixed = {name: cleaned.get(name, getattr(self.instance, name)) for name in FIXED_LATER}
        return EventFacts(
            owner=cleaned["owner"],
            audiences=tuple(cleaned["audiences"]),
            units=codes(cleaned["units"]),
            cancel_until_hours=cleaned["cancel_until_hours"],
            needs_approval=cleaned["needs_approval"],
            coming_again=cleaned["coming_again"] or self.instance.coming_again,
            prerequisite=cleaned["prerequisite"],
            **{name: cleaned[name] for name in CLOCK_FIELDS},
            coordinators=list(cleaned["coordinators"]),
            texts={name: cleaned[name] for name in TEXT_FIELDS},
            picture=picture_change(cleaned),
            **fixed,
        )

    def _settle_picture(self) -> None:
        if self.current_picture is None:
            del self.fields["remove_picture"]
        else:
            self.current_picture.event = self.instance
            self.initial.update(picture_alt_en=self.current_picture.alt_en, picture_alt_nl=self.current_picture.alt_nl)
        if self.instance.is_discreet:
            for name in PICTURE_FIELDS:
                del self.fields[name]

    def _check_picture(self, cleaned: dict[str, Any]) -> None:
        if self.errors.keys() & set(PICTURE_FIELDS) or "picture" not in self.fields:
            return
        is_discreet = bool(cleaned.get("is_discreet"))
        for name, text in picture_errors(
            cleaned, has_picture=bool(self.current_picture), is_discreet=is_discreet
        ).items():
            self.add_error(name, text)

    def _choices(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # tells the type checker what Meta.fields makes
        return field


def _coordinators(event: Event) -> Any:
    """Returns the eligible people: coordinators of the programme, and those already named on the event."""
    named = Q(coordinated_events=event) if event.pk else Q()
    is_eligible = Q(roles__kind=RoleKind.COORDINATOR) | named
    return User.objects.filter(is_eligible, is_active=True).distinct().order_by("name", "pk")


def _possible_prerequisites(event: Event, rights: Rights) -> Any:
    """Returns events that people could have attended and this reader may know about; never a discreet one."""
    known = Event.objects.readable() | Event.objects.organized_by(rights)
    possible = known.filter(is_discreet=False).exclude(pk=event.pk)
    named = Event.objects.filter(pk=event.prerequisite_id) if event.prerequisite_id else Event.objects.none()
    return (possible | named).order_by("title_en", "title_nl", "pk")


def _event_layout(form: EventForm, *, reaches_people: bool) -> Layout:
    once = () if form.instance.pk else FIXED_LATER
    send = ("sends_update",) if reaches_people else ()
    return Layout(
        Fieldset(
            _("What it is"), "title_en", "title_nl", "summary_en", "summary_nl", "description_en", "description_nl"
        ),
        Fieldset(_("Before and after"), *_in_both("content_note", "bring", "aftercare"), *send),
        *_picture_layout(form),
        Fieldset(_("For whom"), "audiences", "units", "prerequisite", "needs_approval"),
        Fieldset(_("How it runs"), "owner", *once, "coming_again", "cancel_until_hours", "coordinators"),
        Folded(_("Questions people ask"), *_in_both("questions"), explanation=QUESTIONS),
        Folded(_("Waiting list"), *CLOCK_FIELDS, explanation=WAITING_LIST),
    )


def _in_both(*texts: str) -> list[str]:
    return [f"{text}_{language}" for text in texts for language in ("en", "nl")]


def _picture_layout(form: EventForm) -> list[Folded]:
    if "picture" not in form.fields:
        return []
    shown = (
        [HTML('{% include "events/_picture.html" with picture=form.current_picture %}')] if form.current_picture else []
    )
    remove = ["remove_picture"] if form.current_picture else []
    fields = (*shown, *PICTURE_FIELDS, *remove)
    return [Folded(_("Picture"), *fields, explanation=EXPLANATION, is_open=bool(form.current_picture))]
