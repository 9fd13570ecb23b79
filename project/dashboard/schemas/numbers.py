"""A number on the page: its text, and the definition it links to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from project.dashboard.enums import PeriodKind
from project.dashboard.rules.protection import decode_share

if TYPE_CHECKING:
    from datetime import date

    from project.dashboard.rules.periods import Period

FULL = 100


class Form(Enum):
    COUNT = auto()
    RATE = auto()
    SHARE = auto()


@dataclass(frozen=True)
class Number:
    """`metric` is the anchor of its definition; `note` says what it is a part of, or how many answers it is about."""

    value: int | None
    metric: str
    form: Form = Form.COUNT
    note: str = ""

    @property
    def is_shown(self) -> bool:
        return self.value is not None

    @property
    def text(self) -> str:
        """The number in words. All numbers that are not shown look the same, whatever the reason (specs/privacy.md
        1.5).
        """
        if self.value is None:
            return not_shown()
        if self.form == Form.COUNT:
            return grouped(self.value)
        if self.form == Form.SHARE:
            return str(decode_share(self.value))
        return _("> 100 %") if self.value > FULL else _("about %(percent)d %%") % {"percent": self.value}


def not_shown() -> str:
    return _("– not shown")


def grouped(value: int) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def name_of(period: Period) -> str:
    """Returns the name of a period, such as "March 2026" or "academic year 2025–2026"."""
    if period.kind == PeriodKind.MONTH:
        return _month(period.first_day)
    if period.kind == PeriodKind.YEAR:
        return _("academic year %(first)d–%(last)d") % {"first": period.first_day.year, "last": period.last_day.year}
    return _("%(first)s to %(last)s") % {"first": _month(period.first_day), "last": _month(period.last_day)}


def _month(day: date) -> str:
    return formats.date_format(day, "F Y")
