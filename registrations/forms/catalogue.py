from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from events.enums import EventKind, SessionLanguage
from events.services import search
from project.accounts.enums import Audience
from project.accounts.models import Unit
from project.text.help_words import asks_for_help
from registrations.querysets import eligible_for
from registrations.services.pages import standings

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from events.querysets import SessionQuerySet
    from project.accounts.models import User

SERIES = "series"


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
    mine = forms.ChoiceField(label=_("Only what is for me"), required=False, choices=[("", ""), ("1", ""), ("0", "")])
    view = forms.ChoiceField(required=False, choices=[("", _("By day")), (SERIES, _("By series"))])

    def __init__(self, *args: object, units: list[Unit], person: User | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on unchanged
        self.person = person
        choices = [("", _("All faculties")), *((unit.code, unit.name) for unit in units)]
        self.fields["unit"] = forms.ChoiceField(label=_("Faculty"), required=False, choices=choices)
        # `from` is a keyword of Python, so these two are added by name.
        self.fields["from"] = forms.DateField(label=_("From"), required=False, widget=_day_input())
        self.fields["to"] = forms.DateField(label=_("Until"), required=False, widget=_day_input())

    def narrows(self) -> bool:
        """Returns whether anything excludes sessions: in the URL, where invalid values do not, or in what the reader
        prefers.
        """
        self.is_valid()
        return self.is_narrowed or self.is_only_eligible

    def narrow(self, sessions: SessionQuerySet, *, now: datetime, but: Collection[str] = ()) -> SessionQuerySet:
        """Filters sessions with their seats (`annotate_seats`) by all that is chosen, except by the fields in `but`;
        "free" means a seat that the reader would get.
        """
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if name not in but}
        sessions = search.mentioning(sessions, chosen.get("q", ""))
        if self.person and self.is_only_eligible and "mine" not in but:
            sessions = eligible_for(sessions, self.person, now)
        if chosen.get("kind"):
            sessions = sessions.filter(event__kind=chosen["kind"])
        if chosen.get("audience"):
            sessions = sessions.admitting_audience(Audience(chosen["audience"]).admitted_as)
        if chosen.get("unit"):
            sessions = sessions.admitting_unit(chosen["unit"])
        if chosen.get("language"):
            sessions = sessions.filter(language__in=[chosen["language"], SessionLanguage.BOTH])
        if chosen.get("free"):
            sessions = standings.with_a_seat(sessions, self.person, now)
        if chosen.get("online"):
            sessions = sessions.exclude(join_url="")
        return sessions.starting_between(chosen.get("from"), chosen.get("to"))

    @property
    def chosen(self) -> list[str]:
        """The names of the filters in the URL that exclude sessions."""
        return [name for name, value in self.cleaned_data.items() if value and name not in ("mine", "view")]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen)

    @property
    def is_only_search(self) -> bool:
        return self.chosen == ["q"]

    @property
    def is_only_eligible(self) -> bool:
        """Whether only what is for the reader is shown: what the URL says, else what they last chose."""
        if self.person is None:
            return False
        chosen = self.cleaned_data.get("mine")
        return chosen == "1" if chosen else self.person.wants_only_eligible

    @property
    def is_by_series(self) -> bool:
        return bool(self.cleaned_data.get("view") == SERIES)

    @property
    def asks_for_help(self) -> bool:
        return asks_for_help(self.cleaned_data.get("q", ""))


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
