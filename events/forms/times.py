"""Start and end as an organiser types them: local times, past midnight, or whole days."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.services.moments import NonexistentTime, day_of_end, moment_at


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class ClockField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **kwargs)


class LastDayField(DayField):
    def __init__(self) -> None:
        help_text = _("Only if it lasts for several days. An end after midnight needs no other day.")
        super().__init__(label=_("Last day"), required=False, help_text=help_text)


class WholeDaysField(forms.BooleanField):
    def __init__(self) -> None:
        help_text = _("Then it needs no times.")
        super().__init__(label=_("Lasts the whole day"), required=False, help_text=help_text)


def times_of(form: forms.BaseForm, *, day: str, timezone: str) -> tuple[datetime | None, datetime | None]:
    """Returns the moments of `start` and `end`; adds each error to its field. `day`: the field of the first day."""
    cleaned = form.cleaned_data
    if cleaned.get("is_all_day"):
        cleaned["start"] = cleaned["end"] = time.min
    for name in ("start", "end"):
        if cleaned.get(name) is None and name not in form.errors:
            form.add_error(name, _("Say when, or tick that it lasts the whole day."))
    first, last, start, end = (cleaned.get(name) for name in (day, "last_day", "start", "end"))
    if first is None or start is None or end is None or "last_day" in form.errors:
        return None, None
    if last and last < first:
        form.add_error("last_day", _("The last day comes before the first. Change one of them."))
        return None, None
    try:
        ends_on = day_of_end(day=first, start=start, end=end, last_day=last)
    except OverflowError:
        form.add_error(day, _("Choose a date nearer to today."))
        return None, None
    clocks = {"start": datetime.combine(first, start), "end": datetime.combine(ends_on, end)}
    return _moment(form, "start", clocks["start"], day, timezone), _moment(form, "end", clocks["end"], day, timezone)


def _moment(form: forms.BaseForm, name: str, at: datetime, day: str, timezone: str) -> datetime | None:
    try:
        return moment_at(day=at.date(), at=at.time(), timezone=timezone)
    except NonexistentTime as gap:
        form.add_error(name, gap.reason)
    except OverflowError:
        form.add_error(day, _("Choose a date nearer to today."))
    return None
