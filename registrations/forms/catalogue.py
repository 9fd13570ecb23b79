from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from events.enums import EventKind, SessionLanguage
from events.services import search
from project.accounts.enums import Audience
from project.accounts.models import Unit
from registrations.services.pages import standings

if TYPE_CHECKING:
    from datetime import datetime

    from events.querysets import SessionQuerySet
    from project.accounts.models import User


class CatalogueFilter(forms.Form):
    """The filters of the catalogue, all in the URL (contract.md, "Pages"); an invalid value is ignored, and the page
    says so.
    """

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("Everything")), *EventKind.choices])
    audience = forms.ChoiceField(label=_("For whom"), required=False, choices=[("", _("Everyone")), *Audience.choices])
    unit = forms.ChoiceField(label=_("Faculty"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Any language")), ("en", SessionLanguage.ENGLISH.label), ("nl", SessionLanguage.DUTCH.label)],
    )
    free = forms.BooleanField(label=_("Seats left"), required=False)
    online = forms.BooleanField(label=_("Online"), required=False)

    def __init__(self, *args: object, units: list[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on unchanged
        choices = [("", _("All faculties")), *((unit.code, unit.name) for unit in units)]
        self.fields["unit"] = forms.ChoiceField(label=_("Faculty"), required=False, choices=choices)
        # `from` is a keyword of Python, so these two are added by name.
        self.fields["from"] = forms.DateField(label=_("From"), required=False, widget=_day_input())
        self.fields["to"] = forms.DateField(label=_("Until"), required=False, widget=_day_input())

    def narrows(self) -> bool:
        """Returns whether anything in the URL excludes sessions; invalid values do not."""
        self.is_valid()
        return self.is_narrowed

    def narrow(self, sessions: SessionQuerySet, *, person: User | None, now: datetime) -> SessionQuerySet:
        """Filters sessions with their seats (`annotate_seats`) by all that is chosen; "free" means a seat that the
        reader would get.
        """
        self.is_valid()
        chosen = self.cleaned_data
        sessions = search.mentioning(sessions, chosen.get("q", ""))
        if chosen.get("kind"):
            sessions = sessions.filter(event__kind=chosen["kind"])
        if chosen.get("audience"):
            sessions = sessions.admitting_audience(Audience(chosen["audience"]).admitted_as)
        if chosen.get("unit"):
            sessions = sessions.admitting_unit(chosen["unit"])
        if chosen.get("language"):
            sessions = sessions.filter(language__in=[chosen["language"], SessionLanguage.BOTH])
        if chosen.get("free"):
            sessions = standings.with_a_seat(sessions, person, now)
        return self._narrow_days(sessions.exclude(join_url="") if chosen.get("online") else sessions)

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    @property
    def is_only_search(self) -> bool:
        return {name for name, value in self.cleaned_data.items() if value} == {"q"}

    def _narrow_days(self, sessions: SessionQuerySet) -> SessionQuerySet:
        return sessions.starting_between(self.cleaned_data.get("from"), self.cleaned_data.get("to"))


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
